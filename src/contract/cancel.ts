import * as z from "zod";
import { batchIdSchema } from "../entities/batch-id.js";
import type { BatchJob } from "../entities/batch-job.js";
import { batchJobStatuses } from "../entities/batch-job-status.js";
import { jobStatuses } from "../entities/job-status.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";

/** What to cancel: one job or one batch, never both. A field that is `null` counts as left out. */
export const cancelBody = z
  .strictObject({ job_id: z.int().min(1).max(2_147_483_647).nullish(), batch_id: batchIdSchema.nullish() })
  .transform(({ job_id, batch_id }, context): { job_id: number } | { batch_id: string } => {
    if (typeof job_id === "number" && typeof batch_id !== "string") return { job_id };
    if (typeof batch_id === "string" && typeof job_id !== "number") return { batch_id };
    context.addIssue({ code: "custom", message: "exactly one of job_id and batch_id is needed" });
    return z.NEVER;
  });

export type CancelBody = z.output<typeof cancelBody>;

/**
 * What was cancelled. `cancelled_count` counts the jobs that are cancelled now and the running ones that were asked to
 * stop, which stay `running` until their worker has stopped.
 */
export const cancelResponse = z.union([
  z.strictObject({
    job_id: z.int(),
    batch_id: z.null(),
    status: z.enum(jobStatuses),
    cancelled_count: z.int().min(0),
  }),
  z.strictObject({
    job_id: z.null(),
    batch_id: z.string(),
    status: z.enum(batchJobStatuses),
    cancelled_count: z.int().min(0),
  }),
]);

export type CancelResponse = z.output<typeof cancelResponse>;

/** The answer to cancelling one job, from the job that `cancelJob` gives. */
export function toCancelJobResponse(job: Pick<MarketplaceJob, "id" | "status">): CancelResponse {
  return { job_id: job.id, batch_id: null, status: job.status, cancelled_count: 1 };
}

/** The answer to cancelling a batch, from what `cancelBatch` gives. */
export function toCancelBatchResponse(result: {
  readonly batch: Pick<BatchJob, "batchId" | "status">;
  readonly cancelledCount: number;
}): CancelResponse {
  const { batch, cancelledCount } = result;
  return { job_id: null, batch_id: batch.batchId, status: batch.status, cancelled_count: cancelledCount };
}
