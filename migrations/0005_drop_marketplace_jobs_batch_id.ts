import { JOBS_BATCH_ID, STATS_AVG_DURATION } from "./deprecated-columns.js";
import { dropLeftOverSequences } from "./left-over-sequences.js";
import { foldMeanDurations, MEAN_DURATION } from "./fold-mean-durations.js";
import { linkJobsToBatches } from "./link-jobs-to-batches.js";
import { OPENING } from "./opening.js";
import { plainSqlMigration } from "./plain-sql-migration.js";
import { doBlock, quoteIdentifier, quoteLiteral } from "./quoting.js";
import { refuseWhileInUse } from "./refuse-while-in-use.js";

/**
 * Drops the deprecated `marketplace_jobs.batch_id` and the rest of what only the legacy code used: the `vinted`
 * defaults, the mean durations, the enum type of the batch status.
 *
 * Under its lock it links what the legacy code wrote since 0004, proves that every string can be read from the batch
 * row, and refuses (`COLUMN_IN_USE`) while anything else depends on a column that goes, or would vanish with it.
 */
export const migration0005DropMarketplaceJobsBatchId = plainSqlMigration({
  up: (schema) => {
    const quoted = quoteIdentifier(schema);
    return [
      OPENING,
      `lock table ${quoted}.marketplace_jobs in access exclusive mode;`,
      refuseWhileInUse(schema, JOBS_BATCH_ID),
      linkJobsToBatches(schema),
      proveThatBatchesHoldEveryString(schema),
      `alter table ${quoted}.marketplace_jobs drop column batch_id, alter column marketplace drop default;`,
      `lock table ${quoted}.marketplace_job_stats in access exclusive mode;`,
      refuseWhileInUse(schema, STATS_AVG_DURATION),
      foldMeanDurations(schema),
      `alter table ${quoted}.marketplace_job_stats drop column avg_duration_ms, alter column marketplace drop default;`,
      dropStatusEnum(schema),
      dropLeftOverSequences(schema),
    ].join("\n\n");
  },
  down: (schema) => {
    const quoted = quoteIdentifier(schema);
    return [
      OPENING,
      `lock table ${quoted}.marketplace_jobs in access exclusive mode;`,
      `alter table ${quoted}.marketplace_jobs
  add column batch_id character varying(100), alter column marketplace set default 'vinted';`,
      `update ${quoted}.marketplace_jobs as job
set batch_id = batch.batch_id
from ${quoted}.batch_jobs as batch
where batch.id = job.batch_job_id;`,
      `create index marketplace_jobs_batch_id_idx on ${quoted}.marketplace_jobs (batch_id);`,
      `alter table ${quoted}.marketplace_job_stats
  add column avg_duration_ms integer, alter column marketplace set default 'vinted';`,
      `update ${quoted}.marketplace_job_stats
set avg_duration_ms = ${MEAN_DURATION}
where duration_count > 0;`,
    ].join("\n\n");
  },
});

function proveThatBatchesHoldEveryString(schema: string): string {
  const quoted = quoteIdentifier(schema);
  return doBlock(`
declare
  unproven bigint;
begin
  select count(*) into unproven
  from ${quoted}.marketplace_jobs as job
  left join ${quoted}.batch_jobs as batch on batch.id = job.batch_job_id
  where job.batch_id <> '' and batch.batch_id is distinct from job.batch_id;
  if unproven > 0 then
    raise exception using errcode = 'MJ004',
      message = format('%s jobs carry a string that their batch does not hold.', unproven),
      hint = 'Run 0004_link_jobs_to_batches again: going back to 0003 and up links what is missing.',
      detail = json_build_object('count', unproven);
  end if;
end`);
}

function dropStatusEnum(schema: string): string {
  const type = `${quoteIdentifier(schema)}.batch_job_status`;
  return doBlock(`
declare
  status constant regtype := to_regtype(${quoteLiteral(type)});
begin
  -- Kept while a host uses it for something of its own.
  if status is not null and not exists (
    select from pg_depend
    where refclassid = 'pg_type'::regclass and refobjid in (status, (select typarray from pg_type where oid = status))
      and deptype = 'n'
  ) then
    drop type ${type};
  end if;
end`);
}
