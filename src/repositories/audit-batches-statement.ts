import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { BatchJobStatus } from "../entities/batch-job-status.js";
import type { BatchJobRow } from "./batch-job-row.js";
import { batchJobColumns } from "./batch-job-row.js";
import { counted, differsFromRecount, recount, recountedStatus } from "./batch-recount.js";
import { columnList } from "./column-list.js";
import type { TenantDatabase } from "./tenant-database.js";

export interface AuditBatchRow extends BatchJobRow {
  readonly counted_total: number;
  readonly counted_completed: number;
  readonly counted_failed: number;
  readonly counted_cancelled: number;
  readonly expected_status: BatchJobStatus;
}

/** Batches that differ from their jobs, both read in one snapshot, so that jobs in motion are no difference. */
export function auditBatchesStatement({ names }: TenantDatabase): RawBuilder<AuditBatchRow> {
  return sql<AuditBatchRow>`
    select ${columnList("b", batchJobColumns)},
      ${counted.total} as counted_total,
      ${counted.completed} as counted_completed,
      ${counted.failed} as counted_failed,
      ${counted.cancelled} as counted_cancelled,
      ${recountedStatus} as expected_status
    from ${names.batchJobs} b
    left join (
      select batch_job_id, ${recount}
      from ${names.marketplaceJobs}
      where batch_job_id is not null
      group by batch_job_id
    ) counted on counted.batch_job_id = b.id
    where b.pruned_at is null and ${differsFromRecount}
    order by b.id`;
}
