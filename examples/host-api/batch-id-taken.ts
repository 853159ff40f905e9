import type { BatchJob, NewBatchJob } from "marketplace-jobs";
import type { ErrorBody } from "marketplace-jobs/contract";

/** Whether a batch that existed is the one that the client means, or another one that happens to have the same id. */
export function isSameBatch(batch: BatchJob, wanted: NewBatchJob): boolean {
  return batch.marketplace === wanted.marketplace && batch.actionCode === wanted.actionCode;
}

export function batchIdTaken(batchId: string): ErrorBody {
  return { detail: `Batch ${batchId} is another one, of another marketplace or action` };
}
