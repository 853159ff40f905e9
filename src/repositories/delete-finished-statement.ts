import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { terminalJobStatuses } from "../entities/job-status.js";
import { isFinished } from "./indexed-jobs.js";
import type { TenantDatabase } from "./tenant-database.js";

export interface DeleteFinishedParams {
  readonly olderThan: Date;
  readonly limit: number;
}

/**
 * Deletes the oldest jobs that ended before a time, none of a batch that is not finished. The batches keep their
 * counters and are marked, since they cannot be recounted any more.
 */
export function deleteFinishedStatement(
  { names }: TenantDatabase,
  { olderThan, limit }: DeleteFinishedParams,
): RawBuilder<{ readonly deleted_count: number }> {
  const isTerminal = sql`j.status in (${sql.join(terminalJobStatuses.map((status) => sql.lit(status)))})`;
  const endedAt = sql`coalesce(j.completed_at, j.expires_at, j.created_at)`;
  return sql<{ deleted_count: number }>`
    with old as materialized (
      select j.id
      from ${names.marketplaceJobs} j
      left join ${names.batchJobs} b on b.id = j.batch_job_id
      where ${isFinished} and ${endedAt} < ${olderThan.toISOString()}::timestamptz
        and (j.batch_job_id is null or b.completed_at is not null)
      order by ${endedAt}
      limit ${limit}
    ), locked as materialized (
      select j.id
      from ${names.marketplaceJobs} j
      where j.id = any (array(select id from old)) and ${isTerminal}
      order by j.id
      for update skip locked
    ), deleted as (
      delete from ${names.marketplaceJobs} j using locked l
      where j.id = l.id
      returning j.id, j.batch_job_id
    ), batch_locked as materialized (
      select b.id
      from ${names.batchJobs} b
      where b.id in (select batch_job_id from deleted) and b.pruned_at is null
      order by b.id
      for no key update
    ), pruned as (
      update ${names.batchJobs} b set pruned_at = statement_timestamp()
      where b.id in (select id from batch_locked)
    )
    select count(*)::integer as deleted_count from deleted`;
}
