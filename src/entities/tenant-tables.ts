import type { ColumnType, Generated } from "kysely";
import type { BatchJobStatus } from "./batch-job-status.js";
import type { JobStatsTable } from "./job-stats.js";
import type { JobStatus } from "./job-status.js";
import type { JsonValue } from "./json-value.js";

/** Written as a `Date` or as a text that PostgreSQL reads, read as the driver's default type parsers give it. */
export type GeneratedTimestamp = ColumnType<Date, Date | string | undefined, Date | string>;
/** The same for a moment that may not have come yet. */
export type NullableTimestamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;

/** Written as JSON text: the driver would send an array as an array of PostgreSQL's. */
export type NullableJson = ColumnType<JsonValue | null, string | null | undefined, string | null>;

/** What `batch_jobs` holds. */
export interface BatchJobsTable {
  id: Generated<number>;
  batch_id: string;
  marketplace: string;
  action_code: string;
  total_count: Generated<number>;
  completed_count: Generated<number>;
  failed_count: Generated<number>;
  cancelled_count: Generated<number>;
  status: Generated<BatchJobStatus>;
  priority: Generated<number>;
  created_by_user_id: number | null;
  created_at: GeneratedTimestamp;
  started_at: NullableTimestamp;
  completed_at: NullableTimestamp;
  pruned_at: NullableTimestamp;
}

/** What `marketplace_jobs` holds. A job has no `batch_id`: it points to its batch by `batch_job_id`. */
export interface MarketplaceJobsTable {
  id: Generated<number>;
  marketplace: string;
  batch_job_id: number | null;
  action_type_id: number;
  /** A `bigint`, which the driver gives as a string. */
  product_id: ColumnType<string | null, string | number | bigint | null | undefined, string | number | bigint | null>;
  idempotency_key: string | null;
  status: Generated<JobStatus>;
  priority: Generated<number>;
  input_data: NullableJson;
  result_data: NullableJson;
  error_message: string | null;
  retry_count: Generated<number>;
  max_retries: Generated<number>;
  attempt: Generated<number>;
  cancel_requested: Generated<boolean>;
  cancel_requested_at: NullableTimestamp;
  started_at: NullableTimestamp;
  completed_at: NullableTimestamp;
  expires_at: NullableTimestamp;
  lease_expires_at: NullableTimestamp;
  run_at: GeneratedTimestamp;
  created_at: GeneratedTimestamp;
  updated_at: GeneratedTimestamp;
}

/**
 * The tables of a tenant schema, for a host's own `Database` type: queries of the host go through
 * `db.withSchema("user_1")`.
 *
 * @example
 * ```ts
 * import type { Kysely } from "kysely";
 * import type { SharedTables, TenantTables } from "marketplace-jobs";
 *
 * interface Database extends TenantTables, SharedTables {
 *   products: { id: number; title: string };
 * }
 *
 * export function failedJobs(db: Kysely<Database>, schema: string): Promise<{ id: number }[]> {
 *   return db.withSchema(schema).selectFrom("marketplace_jobs").select("id").where("status", "=", "failed").execute();
 * }
 * ```
 */
export interface TenantTables {
  batch_jobs: BatchJobsTable;
  marketplace_jobs: MarketplaceJobsTable;
  marketplace_job_stats: JobStatsTable;
}
