import { asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { bigint, boolean, integer, jsonb, pgSchema, text, timestamp, varchar } from "drizzle-orm/pg-core";
import type pg from "pg";
import type { Reader } from "../latency-table.js";

const tenant = pgSchema("user_1");
const batches = tenant.table("batch_jobs", { id: integer("id"), batchId: varchar("batch_id") });
const moment = (name: string) => timestamp(name, { withTimezone: true });
const jobs = tenant.table("marketplace_jobs", {
  id: integer("id"),
  marketplace: varchar("marketplace"),
  batchJobId: integer("batch_job_id"),
  actionTypeId: integer("action_type_id"),
  productId: bigint("product_id", { mode: "number" }),
  idempotencyKey: varchar("idempotency_key"),
  status: varchar("status"),
  priority: integer("priority"),
  inputData: jsonb("input_data"),
  resultData: jsonb("result_data"),
  errorMessage: text("error_message"),
  retryCount: integer("retry_count"),
  maxRetries: integer("max_retries"),
  attempt: integer("attempt"),
  cancelRequested: boolean("cancel_requested"),
  cancelRequestedAt: moment("cancel_requested_at"),
  startedAt: moment("started_at"),
  completedAt: moment("completed_at"),
  expiresAt: moment("expires_at"),
  leaseExpiresAt: moment("lease_expires_at"),
  runAt: moment("run_at"),
  createdAt: moment("created_at"),
  updatedAt: moment("updated_at"),
});

export function drizzleReader(pool: pg.Pool, batchId: string): Reader {
  const db = drizzle({ client: pool });
  return {
    name: "Drizzle",
    read: () =>
      db
        .select()
        .from(jobs)
        .where(eq(jobs.batchJobId, db.select({ id: batches.id }).from(batches).where(eq(batches.batchId, batchId))))
        .orderBy(asc(jobs.createdAt), asc(jobs.id)),
  };
}
