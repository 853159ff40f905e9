import type { JobStatus } from "./job-status.js";

/**
 * From which statuses a caller may ask for what. Everything else is an `ILLEGAL_JOB_TRANSITION`. Two of them look at
 * more than the status: an expired job is not started, and a cancellation is acknowledged only where one was requested.
 */
export const jobTransitions = {
  start: ["pending"],
  pause: ["pending"],
  resume: ["paused"],
  cancel: ["pending", "paused", "running"],
  complete: ["running"],
  fail: ["running"],
  acknowledgeCancel: ["running"],
} as const satisfies Record<string, readonly JobStatus[]>;

export type JobTransition = keyof typeof jobTransitions;
