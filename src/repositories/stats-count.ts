import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { TenantDatabase } from "./tenant-database.js";

/**
 * A day's row of a tenant would be the one row that all its workers wait for. Sixteen rows, chosen by connection, make
 * that wait unmeasurable, and are still few to add up.
 */
export const STATS_SHARDS = 16;

/**
 * Counts the jobs that the step `moved` completed or failed for good: on the UTC day, once each. Comes last, after
 * the step `batch_moved`, and takes its rows by key, so that no two statements wait for each other.
 */
export function statsCount({ names }: TenantDatabase, jobs: "one" | "many"): RawBuilder<unknown> {
  const durationMs = sql`round(extract(epoch from completed_at - started_at) * 1000)`;
  const isTimed = sql`(status = 'completed' and started_at is not null)`;
  const counts =
    jobs === "one"
      ? sql`
        1, (status = 'completed')::integer, (status = 'failed')::integer,
        case when ${isTimed} then ${durationMs} else 0 end, ${isTimed}::integer`
      : sql`
        count(*), count(*) filter (where status = 'completed'), count(*) filter (where status = 'failed'),
        coalesce(sum(${durationMs}) filter (where ${isTimed}), 0), count(*) filter (where ${isTimed})`;
  const byKey =
    jobs === "one"
      ? sql``
      : sql`
      group by action_type_id, marketplace
      order by action_type_id, marketplace`;
  return sql`
    stats_counted as (
      insert into ${names.jobStats} as s (
        action_type_id, marketplace, date, shard,
        total_jobs, success_count, failure_count, duration_ms_sum, duration_count
      )
      select action_type_id, marketplace,
        (statement_timestamp() at time zone 'UTC')::date,
        pg_backend_pid() % ${sql.lit(STATS_SHARDS)},
        ${counts}
      from moved
      where status in ('completed', 'failed') and (select count(*) from batch_moved) >= 0
      ${byKey}
      on conflict (action_type_id, marketplace, date, shard) do update set
        total_jobs = s.total_jobs + excluded.total_jobs,
        success_count = s.success_count + excluded.success_count,
        failure_count = s.failure_count + excluded.failure_count,
        duration_ms_sum = s.duration_ms_sum + excluded.duration_ms_sum,
        duration_count = s.duration_count + excluded.duration_count
    )`;
}
