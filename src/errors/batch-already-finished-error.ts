import type { BatchJobStatus } from "../entities/batch-job-status.js";
import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** What an `BatchAlreadyFinishedError` is made of: for a test of how a host handles it. */
export interface BatchAlreadyFinishedErrorParams {
  readonly tenant: string;
  readonly batchId: string;
  readonly status: BatchJobStatus;
  /** What was refused, as in "it cannot be cancelled". */
  readonly refused: string;
}

/** The batch has come to its end, or was cancelled as a whole; nothing was changed. */
export class BatchAlreadyFinishedError extends MarketplaceJobsError {
  constructor({ tenant, batchId, status, refused }: BatchAlreadyFinishedErrorParams) {
    super({
      code: "BATCH_ALREADY_FINISHED",
      tenant,
      message: `Batch ${JSON.stringify(batchId)} of ${JSON.stringify(tenant)} is ${status}: ${refused}.`,
      hint: "Create a new batch for what is left to do.",
      details: { batchId, status },
    });
  }
}
