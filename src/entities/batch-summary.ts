import type { BatchJob } from "./batch-job.js";
import { openJobCount } from "./batch-status-rule.js";

/** A batch with what a progress bar shows. */
export interface BatchSummary extends BatchJob {
  /** Jobs that have not ended: pending, paused and running ones. */
  readonly pendingCount: number;
  /** Completed of all, with one decimal; 0 for a batch without jobs. */
  readonly progressPercent: number;
}

/** Adds to a batch what follows from its counters. */
export function summarizeBatch(batch: BatchJob): BatchSummary {
  return {
    ...batch,
    pendingCount: openJobCount(batch),
    progressPercent: progressPercent(batch.completedCount, batch.totalCount),
  };
}

/** `completed / total × 100`, rounded to one decimal; 0 when there is nothing to complete. */
export function progressPercent(completed: number, total: number): number {
  return total === 0 ? 0 : Math.round((completed * 1_000) / total) / 10;
}
