import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { allJobsTerminal } from "./batch-status-case.js";
import type { BatchJobRow } from "./batch-job-row.js";
import { batchJobColumns } from "./batch-job-row.js";
import { counted, differsFromRecount, recount, recountedStatus } from "./batch-recount.js";
import { columnList } from "./column-list.js";
import type { TenantDatabase } from "./tenant-database.js";

/** The batch as it is now. */
export type RepairBatchRow = BatchJobRow & {
  readonly is_pruned: boolean;
  /** Jobs joined the batch while this statement waited; its recount has missed them, and it changed nothing. */
  readonly is_outdated: boolean;
  readonly repaired: boolean;
  readonly finished: boolean;
};

/**
 * Sets a batch's counters to a recount of its jobs. All its jobs are locked first, so that none can move between the
 * recount and the update; a job that joined since would show in the total, which is why that must not have moved.
 */
export function repairBatchStatement({ names }: TenantDatabase, batchId: string): RawBuilder<RepairBatchRow> {
  return sql<RepairBatchRow>`
    with target as materialized (
      select b.id, b.total_count from ${names.batchJobs} b where b.batch_id = ${batchId}
    ), locked as materialized (
      select j.id, j.status
      from ${names.marketplaceJobs} j
      where j.batch_job_id = (select id from target)
      order by j.id
      for no key update
    ), counted as materialized (
      select ${recount} from locked
    ), batch_locked as materialized (
      select ${columnList("b", batchJobColumns)}
      from ${names.batchJobs} b
      where b.id = (select id from target) and (select total from counted) >= 0
      for no key update
    ), repaired as (
      update ${names.batchJobs} b set
        total_count = counted.total,
        completed_count = counted.completed,
        failed_count = counted.failed,
        cancelled_count = counted.cancelled,
        status = ${recountedStatus},
        completed_at = case when ${allJobsTerminal(counted)} then coalesce(b.completed_at, statement_timestamp()) end
      from counted, batch_locked l, target t
      where b.id = l.id and l.pruned_at is null and l.total_count = t.total_count and ${differsFromRecount}
      returning ${columnList("b", batchJobColumns)}
    ), batch as (
      select ${columnList("r", batchJobColumns)} from repaired r
      union all
      select ${columnList("l", batchJobColumns)} from batch_locked l where not exists (select from repaired)
    )
    select ${columnList("b", batchJobColumns)},
      l.pruned_at is not null as is_pruned,
      l.total_count <> t.total_count as is_outdated,
      exists (select from repaired) as repaired,
      l.completed_at is null and b.completed_at is not null as finished
    from batch b
    join batch_locked l on l.id = b.id
    join target t on t.id = b.id`;
}
