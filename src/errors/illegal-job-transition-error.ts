import type { JobStatus } from "../entities/job-status.js";
import type { JobTransition } from "../entities/job-transition.js";
import { jobTransitions } from "../entities/job-transition.js";
import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** What an `IllegalJobTransitionError` is made of: for a test of how a host handles it. */
export interface IllegalJobTransitionErrorParams {
  readonly tenant: string;
  readonly jobId: number;
  /** The status that the job really has. */
  readonly status: JobStatus;
  readonly transition: JobTransition;
}

const participles: Record<JobTransition, string> = {
  start: "started",
  pause: "paused",
  resume: "resumed",
  cancel: "cancelled",
  complete: "completed",
  fail: "failed",
  acknowledgeCancel: "cancelled by its worker",
};

/** What a transition demands besides its statuses. */
const conditions: Partial<Record<JobTransition, string>> = {
  start: "its time to start is over",
  acknowledgeCancel: "nobody asked for its cancellation",
};

/** A job cannot go from the status that it has to the one asked for; nothing was changed. */
export class IllegalJobTransitionError extends MarketplaceJobsError {
  constructor({ tenant, jobId, status, transition }: IllegalJobTransitionErrorParams) {
    const statuses: readonly JobStatus[] = jobTransitions[transition];
    const condition = conditions[transition] ?? "a trigger of the table keeps it so";
    const reason = statuses.includes(status) ? `is ${status}, but ${condition}` : `is ${status}`;
    super({
      code: "ILLEGAL_JOB_TRANSITION",
      tenant,
      message: `Job ${jobId} of ${JSON.stringify(tenant)} ${reason}: it cannot be ${participles[transition]}.`,
      hint: `Only a job that is ${statuses.join(" or ")} can be ${participles[transition]}; read the job again and decide anew.`,
      details: { jobId, status, transition },
    });
  }
}
