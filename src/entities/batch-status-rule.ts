import type { BatchJobStatus } from "./batch-job-status.js";

export interface BatchCounters {
  readonly totalCount: number;
  readonly completedCount: number;
  readonly failedCount: number;
  readonly cancelledCount: number;
}

/** How many jobs of a batch have not ended yet. */
export function openJobCount({ totalCount, completedCount, failedCount, cancelledCount }: BatchCounters): number {
  return totalCount - completedCount - failedCount - cancelledCount;
}

/** Whether all jobs of a batch have ended. A batch without jobs has nothing that could end it. */
export function areAllJobsTerminal(counters: BatchCounters): boolean {
  return counters.totalCount > 0 && openJobCount(counters) <= 0;
}

/**
 * The status that a batch has, given what it was and what its jobs have come to. The statements that move counters
 * apply the same rule in SQL.
 *
 * A batch that was cancelled as a whole stays `cancelled`. With jobs left it is `running` once one of them started or
 * ended, and never `pending` again.
 */
export function batchStatus(counters: BatchCounters, current: BatchJobStatus): BatchJobStatus {
  if (current === "cancelled") return "cancelled";
  const { totalCount, completedCount, failedCount, cancelledCount } = counters;
  if (!areAllJobsTerminal(counters)) {
    const hasTerminalJob = completedCount + failedCount + cancelledCount > 0;
    return current === "pending" && !hasTerminalJob ? "pending" : "running";
  }
  if (cancelledCount >= totalCount) return "cancelled";
  if (failedCount >= totalCount) return "failed";
  return failedCount === 0 ? "completed" : "partially_failed";
}
