do '
begin
  if current_setting(''transaction_isolation'') <> ''read committed'' then
    raise exception using errcode = ''MJ008'',
      message = format(''A migration in a transaction that is %s would not see what was written before it got its locks.'',
        current_setting(''transaction_isolation'')),
      hint = ''Set default_transaction_isolation to read committed for the role or the connection that migrates.'';
  end if;
end';
set local row_security = off;
set local quote_all_identifiers = off;
set constraints all immediate;

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
set avg_duration_ms = least(round(duration_ms_sum::numeric / nullif(duration_count, 0)), 2147483647)
where duration_count > 0;