import * as z from "zod";
import type { BatchJob } from "../entities/batch-job.js";
import { progressPercent } from "../entities/batch-summary.js";
import type { JobStatusCounts } from "../entities/job-status.js";

/** How far a batch has come, by status. `failed` holds the expired jobs too, so that the counts add up to `total`. */
export const batchProgressResponse = z.strictObject({
  batch_id: z.string(),
  total: z.int(),
  completed: z.int(),
  failed: z.int(),
  pending: z.int(),
  running: z.int(),
  paused: z.int(),
  cancelled: z.int(),
  progress_percent: z.number(),
});

export interface BatchProgressResponse extends z.output<typeof batchProgressResponse> {}

/**
 * How far a batch has come, from the batch and what `countJobsByStatus` gives for it. Jobs that ended and were deleted
 * since are counted by the batch's counters, which outlive them.
 *
 * @example
 * ```ts
 * import { forTenant } from "marketplace-jobs";
 * import { type BatchProgressResponse, toBatchProgressResponse } from "marketplace-jobs/contract";
 *
 * export async function readProgress(batchId: string): Promise<BatchProgressResponse | undefined> {
 *   const { batches, jobs } = forTenant(db, "user_1");
 *   const batch = await batches.getBatchByBatchId(batchId);
 *   return batch && toBatchProgressResponse(batch, await jobs.countJobsByStatus({ batchId }));
 * }
 * ```
 */
export function toBatchProgressResponse(
  batch: Pick<BatchJob, "batchId" | "completedCount" | "failedCount" | "cancelledCount" | "prunedAt">,
  counts: Readonly<JobStatusCounts>,
): BatchProgressResponse {
  const { pending, running, paused } = counts;
  // The counts come from one statement and agree with each other; batch and counts come from two.
  const [completed, failed, cancelled] =
    batch.prunedAt === null
      ? [counts.completed, counts.failed + counts.expired, counts.cancelled]
      : [batch.completedCount, batch.failedCount, batch.cancelledCount];
  const total = completed + failed + cancelled + pending + running + paused;
  return {
    batch_id: batch.batchId,
    total,
    completed,
    failed,
    pending,
    running,
    paused,
    cancelled,
    progress_percent: progressPercent(completed, total),
  };
}
