import type { JobStatus } from "../entities/job-status.js";
import type { JobTransition } from "../entities/job-transition.js";
import { IllegalJobTransitionError } from "../errors/illegal-job-transition-error.js";
import type { MarketplaceJobsError } from "../errors/marketplace-jobs-error.js";
import { StaleAttemptError } from "../errors/stale-attempt-error.js";
import type { JobRejection } from "./job-move-row.js";

export interface RefusedMove {
  readonly tenant: string;
  readonly jobId: number;
  readonly transition: JobTransition;
  /** The attempt that the worker named, if the move is one that it has to hold the job for. */
  readonly attempt: number | null | undefined;
  readonly rejection: JobRejection | null;
  readonly status: JobStatus;
}

/** Why the job of one caller was left as it is. */
export function refusedMoveError(refused: RefusedMove): MarketplaceJobsError {
  const { tenant, jobId, transition, attempt, rejection, status } = refused;
  return rejection === "STALE_ATTEMPT" && typeof attempt === "number"
    ? new StaleAttemptError({ tenant, jobId, attempt })
    : new IllegalJobTransitionError({ tenant, jobId, status, transition });
}
