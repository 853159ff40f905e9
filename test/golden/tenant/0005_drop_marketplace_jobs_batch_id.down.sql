lock table "user_1".marketplace_jobs in access exclusive mode;

alter table "user_1".marketplace_jobs
  add column batch_id character varying(100), alter column marketplace set default 'vinted';

update "user_1".marketplace_jobs as job
set batch_id = batch.batch_id
from "user_1".batch_jobs as batch
where batch.id = job.batch_job_id;

create index marketplace_jobs_batch_id_idx on "user_1".marketplace_jobs (batch_id);

alter table "user_1".marketplace_job_stats
  add column avg_duration_ms integer, alter column marketplace set default 'vinted';

update "user_1".marketplace_job_stats
set avg_duration_ms = round(duration_ms_sum::numeric / duration_count)
where duration_count > 0;