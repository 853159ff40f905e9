import type { Kysely } from "kysely";
import { sql } from "kysely";
import * as z from "zod";
import { boundedText } from "../entities/bounded-text.js";
import type { DailyJobStats, JobStatsTable } from "../entities/job-stats.js";
import { toSafeInteger } from "../entities/safe-integer.js";
import { parseInput } from "../errors/parse-input.js";

/** Ten years: as far back as a chart of days can be read, and far from overflowing a date. */
export const MAX_STATS_DAYS = 3_653;

export interface GetDailyStatsParams {
  /** How many UTC days to look back, today included: 1 is today alone, 7 a week. */
  readonly days: number;
  /** All marketplaces when left out. */
  readonly marketplace?: string | undefined;
}

const getDailyStatsParamsSchema = z.strictObject({
  days: z.int().min(1).max(MAX_STATS_DAYS),
  marketplace: boundedText("a marketplace", 50).optional(),
});

/**
 * What one tenant's jobs came to, day by day. The counting itself happens in the statements that finish jobs, so these
 * figures never lag behind and never count a job twice.
 */
export class JobStatsRepository {
  readonly #db: Kysely<{ marketplace_job_stats: JobStatsTable }>;

  /** Use `forTenant(db, schema).stats`, which checks the schema's name. */
  constructor(db: Kysely<{ marketplace_job_stats: JobStatsTable }>) {
    this.#db = db;
  }

  /**
   * One entry per UTC day and marketplace on which a job finished, oldest day first, then by marketplace; a day
   * without jobs has no entry. A job counts on the day it finished, once, whatever its number of attempts. One
   * statement, no row locks.
   *
   * @throws `INVALID_INPUT` for days outside 1–3,653 and unknown keys; `UNSAFE_INTEGER` when a sum exceeds what a number holds.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const week = await forTenant(db, "user_1").stats.getDailyStats({ days: 7, marketplace: "vinted" });
   * for (const { date, successCount, totalJobs } of week) console.log(date, `${successCount} of ${totalJobs}`);
   * ```
   */
  async getDailyStats(params: GetDailyStatsParams): Promise<DailyJobStats[]> {
    const { days, marketplace } = parseInput(getDailyStatsParamsSchema, params, {
      code: "INVALID_INPUT",
      subject: "getDailyStats",
    });
    const rows = await this.#db
      .selectFrom("marketplace_job_stats")
      .select([
        sql<string>`to_char(date, 'YYYY-MM-DD')`.as("date"),
        "marketplace",
        ({ fn }) => fn.sum<string>("total_jobs").as("totalJobs"),
        ({ fn }) => fn.sum<string>("success_count").as("successCount"),
        ({ fn }) => fn.sum<string>("failure_count").as("failureCount"),
        ({ fn }) => fn.sum<string>("duration_ms_sum").as("durationMsSum"),
        ({ fn }) => fn.sum<string>("duration_count").as("durationCount"),
      ])
      // The day is the server's UTC day: the session's time zone is the host's and decides nothing here.
      .where("date", ">", sql<string>`(now() at time zone 'UTC')::date - ${days}::integer`)
      .$if(marketplace !== undefined, (query) => query.where("marketplace", "=", marketplace!))
      .groupBy(["marketplace_job_stats.date", "marketplace"])
      .orderBy("marketplace_job_stats.date")
      .orderBy("marketplace")
      .execute();
    return rows.map((row) => {
      const durationMsSum = toSafeInteger(row.durationMsSum, "marketplace_job_stats.duration_ms_sum");
      const durationCount = toSafeInteger(row.durationCount, "marketplace_job_stats.duration_count");
      return {
        date: row.date,
        marketplace: row.marketplace,
        totalJobs: toSafeInteger(row.totalJobs, "marketplace_job_stats.total_jobs"),
        successCount: toSafeInteger(row.successCount, "marketplace_job_stats.success_count"),
        failureCount: toSafeInteger(row.failureCount, "marketplace_job_stats.failure_count"),
        durationMsSum,
        durationCount,
        meanDurationMs: durationCount === 0 ? null : durationMsSum / durationCount,
      };
    });
  }
}
