import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { BatchJobStatus } from "../entities/batch-job-status.js";
import { JOB_EXPIRY_MS } from "../entities/job-timing.js";
import { allJobsTerminal, batchStatusCase } from "./batch-status-case.js";
import type { BatchColumns } from "./batch-job-row.js";
import { BATCH_COLUMN_PREFIX, batchJobColumns } from "./batch-job-row.js";
import { columnList } from "./column-list.js";
import { duration } from "./duration.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { marketplaceJobColumns } from "./marketplace-job-row.js";
import type { TenantDatabase } from "./tenant-database.js";

/** The batch on every row, beside each job that was sent back; one row without a job when there was none. */
export type RetryFailedRow = BatchColumns &
  (MarketplaceJobRow | { readonly [Column in keyof MarketplaceJobRow]: null }) & {
    readonly locked_status: BatchJobStatus;
  };

/**
 * Sends the failed and expired jobs of a batch back to wait. The batch's newest row, locked after the jobs, decides
 * whether they may go: it may have been cancelled since this statement began.
 */
export function retryFailedStatement({ names }: TenantDatabase, batchId: string): RawBuilder<RetryFailedRow> {
  const sentBack = sql`(select count(*) from moved)::integer`;
  const after = {
    total: sql`b.total_count`,
    completed: sql`b.completed_count`,
    failed: sql`(b.failed_count - ${sentBack})`,
    cancelled: sql`b.cancelled_count`,
  };
  return sql<RetryFailedRow>`
    with locked as materialized (
      select j.id
      from ${names.marketplaceJobs} j
      where j.batch_job_id = (select b.id from ${names.batchJobs} b where b.batch_id = ${batchId})
        and j.status in ('failed', 'expired')
      order by j.id
      for no key update
    ), batch_locked as materialized (
      select b.id, b.status
      from ${names.batchJobs} b
      where b.batch_id = ${batchId} and (select count(*) from locked) >= 0
      for no key update
    ), moved as (
      update ${names.marketplaceJobs} j set
        status = 'pending',
        retry_count = 0,
        run_at = statement_timestamp(),
        expires_at = statement_timestamp() + ${duration(JOB_EXPIRY_MS)},
        started_at = null,
        completed_at = null,
        cancel_requested = false,
        cancel_requested_at = null,
        updated_at = statement_timestamp()
      from locked l
      where j.id = l.id and exists (select from batch_locked where status <> 'cancelled')
      returning ${columnList("j", marketplaceJobColumns)}
    ), reopened as (
      update ${names.batchJobs} b set
        failed_count = ${after.failed},
        status = ${batchStatusCase(after, sql`b.status`)},
        completed_at = case when ${allJobsTerminal(after)} then b.completed_at end
      where b.id = (select id from batch_locked) and ${sentBack} > 0
      returning ${columnList("b", batchJobColumns)}
    ), batch as (
      select ${columnList("r", batchJobColumns)} from reopened r
      union all
      select ${columnList("b", batchJobColumns)}
      from ${names.batchJobs} b
      where b.batch_id = ${batchId} and not exists (select from reopened)
    )
    select l.status as locked_status,
      ${columnList("b", batchJobColumns, BATCH_COLUMN_PREFIX)},
      ${columnList("j", marketplaceJobColumns)}
    from batch b
    join batch_locked l on l.id = b.id
    left join moved j on true
    order by j.created_at, j.id`;
}
