import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** What an `StaleAttemptError` is made of: for a test of how a host handles it. */
export interface StaleAttemptErrorParams {
  readonly tenant: string;
  readonly jobId: number;
  readonly attempt: number;
}

/** The attempt is no longer the job's: its lease lapsed, and the job went on without this worker. Nothing was changed. */
export class StaleAttemptError extends MarketplaceJobsError {
  constructor({ tenant, jobId, attempt }: StaleAttemptErrorParams) {
    super({
      code: "STALE_ATTEMPT",
      tenant,
      message: `Attempt ${attempt} of job ${jobId} of ${JSON.stringify(tenant)} is over: the job was taken from this worker.`,
      hint: "Drop the result. Extend leases in time (extendLeases), or claim with a longer one.",
      details: { jobId, attempt },
    });
  }
}
