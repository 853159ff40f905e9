/** Every status a job can have, in the order in which the contract lists them. */
export const jobStatuses = ["pending", "running", "paused", "completed", "failed", "cancelled", "expired"] as const;

export type JobStatus = (typeof jobStatuses)[number];

/** Where a job ends: only `retryFailedJobs` brings one back, and only from `failed` and `expired`. */
export const terminalJobStatuses = [
  "completed",
  "failed",
  "cancelled",
  "expired",
] as const satisfies readonly JobStatus[];

export type TerminalJobStatus = (typeof terminalJobStatuses)[number];

/** A count for each of the seven statuses, 0 where there is no such job. */
export type JobStatusCounts = Record<JobStatus, number>;
