import { columnDependents } from "./column-dependents.js";
import { foldMeanDurations } from "./fold-mean-durations.js";
import { linkJobsToBatches } from "./link-jobs-to-batches.js";
import { plainSqlMigration } from "./plain-sql-migration.js";
import { doBlock, quoteIdentifier, quoteLiteral } from "./quoting.js";

/**
 * Drops the deprecated `marketplace_jobs.batch_id` and the rest of what only the legacy code used: the `vinted`
 * defaults, the mean durations, the enum type of the batch status.
 *
 * Under its lock it links what the legacy code wrote since 0004, proves that every string can be read from the batch
 * row, and refuses (`COLUMN_IN_USE`) while anything else depends on the column or would vanish with it.
 */
export const migration0005DropMarketplaceJobsBatchId = plainSqlMigration({
  up: (schema) => {
    const quoted = quoteIdentifier(schema);
    return [
      `lock table ${quoted}.marketplace_jobs in access exclusive mode;`,
      refuseWhileInUse(schema),
      linkJobsToBatches(schema),
      proveThatBatchesHoldEveryString(schema),
      `alter table ${quoted}.marketplace_jobs drop column batch_id, alter column marketplace drop default;`,
      foldMeanDurations(schema),
      `alter table ${quoted}.marketplace_job_stats drop column avg_duration_ms, alter column marketplace drop default;`,
      dropStatusEnum(schema),
    ].join("\n\n");
  },
  down: (schema) => {
    const quoted = quoteIdentifier(schema);
    return [
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
set avg_duration_ms = round(duration_ms_sum::numeric / duration_count)
where duration_count > 0;`,
    ].join("\n\n");
  },
});

function refuseWhileInUse(schema: string): string {
  const jobs = `${quoteIdentifier(schema)}.marketplace_jobs`;
  return doBlock(`
declare
  jobs constant regclass := ${quoteLiteral(jobs)};
  batch_id constant smallint := (
    select attnum from pg_attribute where attrelid = jobs and attname = 'batch_id' and not attisdropped);
  uses jsonb;
  listed text;
  mentioned_by text;
begin
  select jsonb_agg(jsonb_build_object('effect', used.effect, 'kind', used.kind, 'name', used.name)
      order by used.effect, used.kind, used.name),
    string_agg(used.kind || ' ' || used.name, ', ' order by used.effect, used.kind, used.name)
  into uses, listed
  from (${columnDependents("jobs", "batch_id")}
  ) as used;
  if uses is not null then
    raise exception using errcode = 'MJ005',
      message = format('marketplace_jobs.batch_id is still used by %s: %s.',
        case jsonb_array_length(uses) when 1 then 'one object' else jsonb_array_length(uses) || ' objects' end, listed),
      hint = 'Drop each of them, or make it read batch_jobs.batch_id through batch_job_id, and run again.',
      detail = jsonb_build_object('table', 'marketplace_jobs', 'column', 'batch_id', 'dependents', uses);
  end if;

  -- A body is text until it runs: nobody knows whether it means this column. Only sync reads warnings.
  if current_setting('marketplace_jobs.acknowledged', true) ~ '^report'
    and not 'functions_naming_batch_id' = any (string_to_array(current_setting('marketplace_jobs.acknowledged', true), ','))
  then
    select string_agg(format('%I.%I', ${quoteLiteral(schema)}, function.proname), ', ' order by function.proname)
    into mentioned_by
    from pg_proc as function
    join pg_language as language on language.oid = function.prolang and language.lanname in ('plpgsql', 'sql')
    where function.pronamespace = (select relnamespace from pg_class where oid = jobs)
      and function.prosrc ~ '\\mmarketplace_jobs\\M' and function.prosrc ~ '\\mbatch_id\\M';
    if mentioned_by is not null then
      raise exception using errcode = 'MJ003',
        message = 'Functions may still name the column.',
        detail = json_build_object(
          'acknowledge', 'functions_naming_batch_id',
          'warning', 'these functions name marketplace_jobs and batch_id, and fail if they mean the dropped column: '
            || mentioned_by);
    end if;
  end if;
end`);
}

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
