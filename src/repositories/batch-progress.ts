import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { columnList } from "./column-list.js";
import { allJobsTerminal, batchStatusCase } from "./batch-status-case.js";
import { batchJobColumns } from "./batch-job-row.js";
import type { TenantDatabase } from "./tenant-database.js";

/**
 * Moves the counters and the status of every batch of which the step `moved` ended jobs, and leaves them in the step
 * `batch_moved`, `finished` where they came to their end by it.
 *
 * The counters move by what this statement did. Counting the siblings instead would be wrong: under READ COMMITTED
 * two statements that end the last two jobs at once each see the other's job still open, and neither ends the batch.
 *
 * Batches are locked by id, after the jobs, whatever order the rows come in. What the lock gives is their newest
 * versions, from which the new counters are made: nobody changes them before the update does.
 */
export function batchProgress(tenant: TenantDatabase, jobs: "one" | "many"): RawBuilder<unknown> {
  const after = {
    total: sql`l.total_count`,
    completed: sql`l.completed`,
    failed: sql`l.failed`,
    cancelled: sql`l.cancelled`,
  };
  return sql`
    ${jobs === "one" ? lockBatchOfJob(tenant) : lockBatchesOfJobs(tenant)},
    batch_moved as (
      update ${tenant.names.batchJobs} b set
        completed_count = ${after.completed},
        failed_count = ${after.failed},
        cancelled_count = ${after.cancelled},
        status = ${batchStatusCase(after, sql`l.status`)},
        completed_at = case when ${allJobsTerminal(after)} then coalesce(l.completed_at, statement_timestamp()) end
      from batch_locked l
      where b.id = l.id
      returning ${columnList("b", batchJobColumns)}, l.completed_at is null and b.completed_at is not null as finished
    )`;
}

const TERMINAL = sql`('completed', 'failed', 'cancelled', 'expired')`;

function lockBatchesOfJobs({ names }: TenantDatabase): RawBuilder<unknown> {
  return sql`
    batch_ended_jobs as materialized (
      select batch_job_id as id,
        count(*) filter (where status = 'completed')::integer as completed,
        count(*) filter (where status in ('failed', 'expired'))::integer as failed,
        count(*) filter (where status = 'cancelled')::integer as cancelled
      from moved
      where batch_job_id is not null and status in ${TERMINAL}
      group by batch_job_id
    ), batch_locked as materialized (
      select b.id, b.status, b.completed_at, b.total_count,
        b.completed_count + ended.completed as completed,
        b.failed_count + ended.failed as failed,
        b.cancelled_count + ended.cancelled as cancelled
      from ${names.batchJobs} b
      join batch_ended_jobs ended on ended.id = b.id
      order by b.id
      for no key update of b
    )`;
}

function lockBatchOfJob({ names }: TenantDatabase): RawBuilder<unknown> {
  return sql`
    batch_locked as materialized (
      select b.id, b.status, b.completed_at, b.total_count,
        b.completed_count + (m.status = 'completed')::integer as completed,
        b.failed_count + (m.status = 'failed')::integer as failed,
        b.cancelled_count + (m.status = 'cancelled')::integer as cancelled
      from moved m
      join ${names.batchJobs} b on b.id = m.batch_job_id
      where m.status in ${TERMINAL}
      for no key update of b
    )`;
}
