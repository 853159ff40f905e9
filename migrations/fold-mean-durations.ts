import { quoteIdentifier } from "./quoting.js";

/** What the legacy code calls the mean of a row, computed from the sums; null without a duration. */
export const MEAN_DURATION = "least(round(duration_ms_sum::numeric / nullif(duration_count, 0)), 2147483647)";

/**
 * Turns the mean durations that the legacy code writes into sums and counts: mean × successes. Its mean is one over
 * all successes of the row, so the sum is taken anew, not added to. A row whose mean is what its sums say holds
 * nothing new, even when some of its successes have no duration; that makes it repeatable.
 */
export function foldMeanDurations(schema: string): string {
  return `update ${quoteIdentifier(schema)}.marketplace_job_stats
set duration_ms_sum = avg_duration_ms::bigint * success_count, duration_count = success_count
where avg_duration_ms is not null and success_count > duration_count
  and (duration_count = 0 or avg_duration_ms <> ${MEAN_DURATION});`;
}
