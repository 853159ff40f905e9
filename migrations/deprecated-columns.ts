/** A column that only the legacy code uses, and that a migration drops. */
export interface DeprecatedColumn {
  readonly table: string;
  readonly column: string;
  /** The way out for what still uses it. */
  readonly hint: string;
}

export const JOBS_BATCH_ID: DeprecatedColumn = {
  table: "marketplace_jobs",
  column: "batch_id",
  hint: "Drop each of them, or make it read batch_jobs.batch_id through batch_job_id, and run again.",
};

export const STATS_AVG_DURATION: DeprecatedColumn = {
  table: "marketplace_job_stats",
  column: "avg_duration_ms",
  hint: "Drop each of them, or make it divide duration_ms_sum by duration_count, and run again.",
};

/** All that 0005 drops, in the order in which it does. */
export const DEPRECATED_COLUMNS: readonly DeprecatedColumn[] = [JOBS_BATCH_ID, STATS_AVG_DURATION];
