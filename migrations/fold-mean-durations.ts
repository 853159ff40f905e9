import { quoteIdentifier } from "./quoting.js";

/**
 * Turns the mean durations that the legacy code wrote into sums and counts: mean × successes. Only successes that no
 * sum holds yet are folded in, so running it again, or after the legacy code has written more, stays exact.
 */
export function foldMeanDurations(schema: string): string {
  return `update ${quoteIdentifier(schema)}.marketplace_job_stats
set duration_ms_sum = duration_ms_sum + avg_duration_ms::bigint * (success_count - duration_count),
  duration_count = success_count
where avg_duration_ms is not null and success_count > duration_count;`;
}
