import type { BatchJobStatus } from "../entities/batch-job-status.js";
import type { BatchJob } from "../entities/batch-job.js";
import type { StoredTimestamp } from "./timestamp.js";
import { toDate, toNullableDate } from "./timestamp.js";

/** Every column of `batch_jobs`, listed wherever a batch is read. */
export const batchJobColumns = [
  "id",
  "batch_id",
  "marketplace",
  "action_code",
  "total_count",
  "completed_count",
  "failed_count",
  "cancelled_count",
  "status",
  "priority",
  "created_by_user_id",
  "created_at",
  "started_at",
  "completed_at",
  "pruned_at",
] as const;

/** A row as any driver may give it. */
export interface BatchJobRow {
  readonly id: number;
  readonly batch_id: string;
  readonly marketplace: string;
  readonly action_code: string;
  readonly total_count: number;
  readonly completed_count: number;
  readonly failed_count: number;
  readonly cancelled_count: number;
  readonly status: BatchJobStatus;
  readonly priority: number;
  readonly created_by_user_id: number | null;
  readonly created_at: StoredTimestamp;
  readonly started_at: StoredTimestamp | null;
  readonly completed_at: StoredTimestamp | null;
  readonly pruned_at: StoredTimestamp | null;
}

export function toBatchJob(row: BatchJobRow): BatchJob {
  return {
    id: row.id,
    batchId: row.batch_id,
    marketplace: row.marketplace,
    actionCode: row.action_code,
    totalCount: row.total_count,
    completedCount: row.completed_count,
    failedCount: row.failed_count,
    cancelledCount: row.cancelled_count,
    status: row.status,
    priority: row.priority,
    createdByUserId: row.created_by_user_id,
    createdAt: toDate(row.created_at, "batch_jobs.created_at"),
    startedAt: toNullableDate(row.started_at, "batch_jobs.started_at"),
    completedAt: toNullableDate(row.completed_at, "batch_jobs.completed_at"),
    prunedAt: toNullableDate(row.pruned_at, "batch_jobs.pruned_at"),
  };
}

/** Marks the columns of a batch in a row that holds those of a job as well. */
export const BATCH_COLUMN_PREFIX = "batch_row_";

/** The columns of a batch beside those of a job: all `null` when there is no batch to tell of. */
export type BatchColumns = {
  readonly [Column in keyof BatchJobRow as `${typeof BATCH_COLUMN_PREFIX}${Column}`]: BatchJobRow[Column] | null;
};

/** The batch in a row that holds one under {@link BATCH_COLUMN_PREFIX}, if it holds one. */
export function batchOf(row: Partial<BatchColumns>): BatchJob | undefined {
  if (row.batch_row_id === null || row.batch_row_id === undefined) return undefined;
  const columns = batchJobColumns.map((column) => [column, row[`${BATCH_COLUMN_PREFIX}${column}`]]);
  return toBatchJob(Object.fromEntries(columns) as BatchJobRow);
}
