import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { BatchJobStatus } from "../entities/batch-job-status.js";
import type { BatchJobRow } from "./batch-job-row.js";
import { batchJobColumns } from "./batch-job-row.js";
import { columnList } from "./column-list.js";
import { cancelChanges } from "./job-transition-moves.js";
import type { TenantDatabase } from "./tenant-database.js";

export interface CancelBatchParams {
  readonly batchId: string;
  /** The statuses in which the batch may be: active ones, or `cancelled` to sweep up what joined it meanwhile. */
  readonly from: readonly BatchJobStatus[];
}

/** The batch as it became, or all `null` when its status, `locked_status`, was none of those asked for. */
export type CancelBatchRow = (BatchJobRow | { readonly [Column in keyof BatchJobRow]: null }) & {
  readonly locked_status: BatchJobStatus;
  readonly cancelled_jobs: number;
  /** Running jobs of the batch that were asked to stop, now or before. */
  readonly requested_jobs: number;
  /** Running jobs that were asked to stop before. */
  readonly requested_before: number;
  readonly finished: boolean;
};

/**
 * Cancels a batch and its open jobs: those that wait end, those that run are asked to stop. The batch's newest row,
 * locked after the jobs, decides; an unknown batch gives no row.
 *
 * It finishes here when nothing of it runs. A batch that was cancelled before is believed in that whatever its
 * counters say: nothing can have joined it.
 */
export function cancelBatchStatement(
  { names }: TenantDatabase,
  { batchId, from }: CancelBatchParams,
): RawBuilder<CancelBatchRow> {
  const assignments = Object.entries(cancelChanges).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  const cancelledJobs = sql`(select count(*) filter (where m.status = 'cancelled') from moved m)::integer`;
  const requestedJobs = sql`(select count(*) filter (where m.status = 'running') from moved m)::integer`;
  const isEverythingCounted = sql`
    (b.completed_count + b.failed_count + b.cancelled_count + ${cancelledJobs} >= b.total_count)`;
  return sql<CancelBatchRow>`
    with locked as materialized (
      select j.id, j.cancel_requested
      from ${names.marketplaceJobs} j
      where j.batch_job_id = (select b.id from ${names.batchJobs} b where b.batch_id = ${batchId})
        and j.status in ('pending', 'paused', 'running')
      order by j.id
      for no key update
    ), batch_locked as materialized (
      select b.id, b.status, b.completed_at
      from ${names.batchJobs} b
      where b.batch_id = ${batchId} and (select count(*) from locked) >= 0
      for no key update
    ), moved as (
      update ${names.marketplaceJobs} j set ${sql.join(assignments)}
      from locked l
      where j.id = l.id and exists (select from batch_locked where status in (${sql.join(from)}))
      returning j.id, j.status
    ), cancelled as (
      update ${names.batchJobs} b set
        status = 'cancelled',
        cancelled_count = b.cancelled_count + ${cancelledJobs},
        completed_at = case
          when ${requestedJobs} = 0 and (${isEverythingCounted} or b.status = 'cancelled')
            then coalesce(b.completed_at, statement_timestamp())
        end
      where b.id = (select id from batch_locked where status in (${sql.join(from)}))
      returning ${columnList("b", batchJobColumns)}
    )
    select l.status as locked_status,
      ${cancelledJobs} as cancelled_jobs,
      ${requestedJobs} as requested_jobs,
      (select count(*) filter (where m.status = 'running' and k.cancel_requested)
        from moved m join locked k on k.id = m.id)::integer as requested_before,
      l.completed_at is null and b.completed_at is not null as finished,
      ${columnList("b", batchJobColumns)}
    from batch_locked l
    left join cancelled b on b.id = l.id`;
}
