import type { Generated } from "kysely";
import * as z from "zod";

/**
 * What `marketplace_job_stats` holds. A day's row is spread over shards so that many workers can count at once; every
 * reader adds the shards up.
 */
export interface JobStatsTable {
  id: Generated<number>;
  action_type_id: number;
  marketplace: string;
  /** Written as `YYYY-MM-DD`; never read as a `Date`, which would be midnight in the zone of whoever reads it. */
  date: string;
  shard: Generated<number>;
  total_jobs: Generated<number>;
  success_count: Generated<number>;
  failure_count: Generated<number>;
  duration_ms_sum: Generated<string>;
  duration_count: Generated<number>;
  created_at: Generated<Date>;
}

/** What finished on one marketplace during one UTC day. */
export const dailyJobStatsSchema = z.strictObject({
  /** The UTC day, `YYYY-MM-DD`. */
  date: z.iso.date(),
  marketplace: z.string(),
  totalJobs: z.int(),
  successCount: z.int(),
  failureCount: z.int(),
  /** How long the jobs took together whose duration is known, and how many these are. */
  durationMsSum: z.int(),
  durationCount: z.int(),
  /** `durationMsSum / durationCount`, unrounded; `null` when no duration is known. */
  meanDurationMs: z.number().nullable(),
});

/** What finished on one marketplace during one UTC day. */
export interface DailyJobStats extends z.output<typeof dailyJobStatsSchema> {}
