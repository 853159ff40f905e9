import type { BatchCounters } from "../src/entities/batch-status-rule.js";

/** Every way in which the jobs of a batch of up to five can have ended, counters beyond the total included. */
export function smallCounterTuples(): BatchCounters[] {
  const counts = [0, 1, 2, 3, 4, 5];
  return counts.flatMap((totalCount) =>
    counts.flatMap((completedCount) =>
      counts.flatMap((failedCount) =>
        counts.map((cancelledCount) => ({ totalCount, completedCount, failedCount, cancelledCount })),
      ),
    ),
  );
}
