import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { JobStatus } from "../entities/job-status.js";
import type { JsonValue } from "../entities/json-value.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { InvalidRowError } from "../errors/invalid-row-error.js";
import { toSafeInteger } from "../entities/safe-integer.js";
import type { StoredTimestamp } from "./timestamp.js";
import { secondsOf, toDate, toNullableDate } from "./timestamp.js";

/** Every column of `marketplace_jobs`, listed wherever a job is read: a later column must not change a statement. */
export const marketplaceJobColumns = [
  "id",
  "marketplace",
  "batch_job_id",
  "action_type_id",
  "product_id",
  "idempotency_key",
  "status",
  "priority",
  "input_data",
  "result_data",
  "error_message",
  "retry_count",
  "max_retries",
  "attempt",
  "cancel_requested",
  "cancel_requested_at",
  "started_at",
  "completed_at",
  "expires_at",
  "lease_expires_at",
  "run_at",
  "created_at",
  "updated_at",
] as const;

const timestampColumns: ReadonlySet<string> = new Set<keyof MarketplaceJobRow>([
  "cancel_requested_at",
  "started_at",
  "completed_at",
  "expires_at",
  "lease_expires_at",
  "run_at",
  "created_at",
  "updated_at",
]);

/** The columns of many jobs as they leave the database; only for the outermost list of a statement. */
export function manyJobsColumnList(alias: string): RawBuilder<unknown> {
  const columns = marketplaceJobColumns.map((name) => {
    const column = `${alias}.${name}`;
    return timestampColumns.has(name) ? `${secondsOf(column)} as ${name}` : column;
  });
  return sql.raw(columns.join(", "));
}

/** A row as any driver may give it: what a type parser of the host's can change is read in each of its forms. */
export interface MarketplaceJobRow {
  readonly id: number;
  readonly marketplace: string;
  readonly batch_job_id: number | null;
  readonly action_type_id: number;
  readonly product_id: string | number | bigint | null;
  readonly idempotency_key: string | null;
  readonly status: JobStatus;
  readonly priority: number;
  readonly input_data: JsonValue | null;
  readonly result_data: JsonValue | null;
  readonly error_message: string | null;
  readonly retry_count: number;
  readonly max_retries: number;
  readonly attempt: number;
  readonly cancel_requested: boolean;
  readonly cancel_requested_at: StoredTimestamp | null;
  readonly started_at: StoredTimestamp | null;
  readonly completed_at: StoredTimestamp | null;
  readonly expires_at: StoredTimestamp | null;
  readonly lease_expires_at: StoredTimestamp | null;
  readonly run_at: StoredTimestamp;
  readonly created_at: StoredTimestamp;
  readonly updated_at: StoredTimestamp;
}

/** Written out by hand: a list of jobs spends most of its time in decoding, and a generic mapper doubles that. */
export function toMarketplaceJob(row: MarketplaceJobRow): MarketplaceJob {
  // One for all its integers: they have one parser.
  if (typeof row.id !== "number") throw new InvalidRowError({ column: "marketplace_jobs.id", expected: "a number" });
  return {
    id: row.id,
    marketplace: row.marketplace,
    batchJobId: row.batch_job_id,
    actionTypeId: row.action_type_id,
    productId: row.product_id === null ? null : toSafeInteger(row.product_id, "marketplace_jobs.product_id"),
    idempotencyKey: row.idempotency_key,
    status: row.status,
    priority: row.priority,
    inputData: row.input_data,
    resultData: row.result_data,
    errorMessage: row.error_message,
    retryCount: row.retry_count,
    maxRetries: row.max_retries,
    attempt: row.attempt,
    cancelRequested: row.cancel_requested,
    cancelRequestedAt: toNullableDate(row.cancel_requested_at, "marketplace_jobs.cancel_requested_at"),
    startedAt: toNullableDate(row.started_at, "marketplace_jobs.started_at"),
    completedAt: toNullableDate(row.completed_at, "marketplace_jobs.completed_at"),
    expiresAt: toNullableDate(row.expires_at, "marketplace_jobs.expires_at"),
    leaseExpiresAt: toNullableDate(row.lease_expires_at, "marketplace_jobs.lease_expires_at"),
    runAt: toDate(row.run_at, "marketplace_jobs.run_at"),
    createdAt: toDate(row.created_at, "marketplace_jobs.created_at"),
    updatedAt: toDate(row.updated_at, "marketplace_jobs.updated_at"),
  };
}
