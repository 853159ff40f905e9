import * as z from "zod";
import type { BatchJob } from "../entities/batch-job.js";
import { batchIdSchema } from "../entities/batch-id.js";
import { batchJobStatuses } from "../entities/batch-job-status.js";
import { summarizeBatch } from "../entities/batch-summary.js";
import { isoDateTime, toIsoDateTime } from "./iso-date-time.js";

/** The string id of a batch in a path. */
export const batchIdParam = z.strictObject({ batch_id: batchIdSchema });

export type BatchIdParam = z.output<typeof batchIdParam>;

/**
 * A batch and how far it has come. `failed_count` holds the expired jobs too; `pending_count` is every job that has
 * not ended yet, running and paused ones included, so that the four counts add up to the total.
 */
export const batchSummaryResponse = z.strictObject({
  id: z.int(),
  batch_id: z.string(),
  marketplace: z.string(),
  action_code: z.string(),
  status: z.enum(batchJobStatuses),
  priority: z.int(),
  total_count: z.int(),
  completed_count: z.int(),
  failed_count: z.int(),
  cancelled_count: z.int(),
  pending_count: z.int(),
  progress_percent: z.number(),
  created_at: isoDateTime,
  started_at: isoDateTime.nullable(),
  completed_at: isoDateTime.nullable(),
});

export interface BatchSummaryResponse extends z.output<typeof batchSummaryResponse> {}

/**
 * A batch as the endpoints answer it.
 *
 * @example
 * ```ts
 * import { forTenant } from "marketplace-jobs";
 * import { type BatchSummaryResponse, toBatchSummaryResponse } from "marketplace-jobs/contract";
 *
 * export async function readBatch(batchId: string): Promise<BatchSummaryResponse | undefined> {
 *   const batch = await forTenant(db, "user_1").batches.getBatchByBatchId(batchId);
 *   return batch === undefined ? undefined : toBatchSummaryResponse(batch);
 * }
 * ```
 */
export function toBatchSummaryResponse(batch: BatchJob): BatchSummaryResponse {
  const { pendingCount, progressPercent } = summarizeBatch(batch);
  return {
    id: batch.id,
    batch_id: batch.batchId,
    marketplace: batch.marketplace,
    action_code: batch.actionCode,
    status: batch.status,
    priority: batch.priority,
    total_count: batch.totalCount,
    completed_count: batch.completedCount,
    failed_count: batch.failedCount,
    cancelled_count: batch.cancelledCount,
    pending_count: pendingCount,
    progress_percent: progressPercent,
    created_at: toIsoDateTime(batch.createdAt),
    started_at: toIsoDateTime(batch.startedAt),
    completed_at: toIsoDateTime(batch.completedAt),
  };
}
