import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { columnList } from "./column-list.js";
import { allJobsTerminal, batchStatusCase } from "./batch-status-case.js";
import { batchJobColumns } from "./batch-job-row.js";
import type { TenantDatabase } from "./tenant-database.js";

/**
 * Moves the counters and the status of every batch of which the step `moved` ended jobs, and leaves in the step
 * `finished_batches` those that came to their end by it.
 *
 * The counters move by what this statement did. Counting the siblings instead would be wrong: under READ COMMITTED
 * two statements that end the last two jobs at once each see the other's job still open, and neither ends the batch.
 *
 * Batches are locked by id, after the jobs, whatever order the rows come in; the update reads their newest versions.
 */
export function batchProgress({ names }: TenantDatabase): RawBuilder<unknown> {
  const after = {
    total: sql`b.total_count`,
    completed: sql`(b.completed_count + ended.completed)`,
    failed: sql`(b.failed_count + ended.failed)`,
    cancelled: sql`(b.cancelled_count + ended.cancelled)`,
  };
  return sql`
    batch_ended_jobs as materialized (
      select batch_job_id as id,
        count(*) filter (where status = 'completed')::integer as completed,
        count(*) filter (where status in ('failed', 'expired'))::integer as failed,
        count(*) filter (where status = 'cancelled')::integer as cancelled
      from moved
      where batch_job_id is not null and status in ('completed', 'failed', 'cancelled', 'expired')
      group by batch_job_id
    ), batch_locked as materialized (
      select b.id, b.completed_at
      from ${names.batchJobs} b
      where b.id in (select id from batch_ended_jobs)
      order by b.id
      for no key update
    ), batch_moved as (
      update ${names.batchJobs} b set
        completed_count = ${after.completed},
        failed_count = ${after.failed},
        cancelled_count = ${after.cancelled},
        status = ${batchStatusCase(after, sql`b.status`)},
        completed_at = case when ${allJobsTerminal(after)} then coalesce(b.completed_at, statement_timestamp()) end
      from batch_ended_jobs ended
      where b.id = ended.id and (select count(*) from batch_locked) >= 0
      returning ${columnList("b", batchJobColumns)}
    ), finished_batches as (
      select ${columnList("m", batchJobColumns)}
      from batch_moved m
      join batch_locked l on l.id = m.id
      where l.completed_at is null and m.completed_at is not null
    )`;
}
