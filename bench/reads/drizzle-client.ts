import { and, asc, desc, eq, gt, inArray, lte, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { bigint, boolean, integer, jsonb, pgSchema, text, timestamp, varchar } from "drizzle-orm/pg-core";
import { quietPool } from "../quiet-pool.js";
import { LEASE, MARKETPLACE, PAGE, type TenantClient } from "./tenant-client.js";

const tenant = pgSchema("user_1");
const moment = (name: string) => timestamp(name, { withTimezone: true });
const batches = tenant.table("batch_jobs", {
  id: integer("id"),
  batchId: varchar("batch_id"),
  marketplace: varchar("marketplace"),
  actionCode: varchar("action_code"),
  totalCount: integer("total_count"),
  completedCount: integer("completed_count"),
  failedCount: integer("failed_count"),
  cancelledCount: integer("cancelled_count"),
  status: varchar("status"),
  priority: integer("priority"),
  createdByUserId: integer("created_by_user_id"),
  createdAt: moment("created_at"),
  startedAt: moment("started_at"),
  completedAt: moment("completed_at"),
  prunedAt: moment("pruned_at"),
});
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

export function openDrizzle(url: string, connections: number): TenantClient {
  const pool = quietPool(url, connections);
  const db = drizzle({ client: pool });
  const now = sql`now()`;
  return {
    name: "Drizzle",
    jobsOfBatch: async (batchId) =>
      db
        .select()
        .from(jobs)
        .where(eq(jobs.batchJobId, db.select({ id: batches.id }).from(batches).where(eq(batches.batchId, batchId))))
        .orderBy(asc(jobs.createdAt), asc(jobs.id)),
    batchSummary: async (batchId) => (await db.select().from(batches).where(eq(batches.batchId, batchId)))[0],
    listJobs: async () =>
      db
        .select()
        .from(jobs)
        .where(eq(jobs.marketplace, MARKETPLACE))
        .orderBy(asc(jobs.priority), desc(jobs.createdAt), desc(jobs.id))
        .limit(PAGE),
    claimJobs: async (limit) => {
      const due = db
        .select({ id: jobs.id })
        .from(jobs)
        .where(
          and(
            eq(jobs.status, "pending"),
            eq(jobs.marketplace, MARKETPLACE),
            lte(jobs.runAt, now),
            gt(jobs.expiresAt, now),
          ),
        )
        .orderBy(asc(jobs.priority), asc(jobs.runAt), asc(jobs.id))
        .limit(limit)
        .for("update", { skipLocked: true });
      return db
        .update(jobs)
        .set({
          status: "running",
          attempt: sql`${jobs.attempt} + 1`,
          startedAt: now,
          leaseExpiresAt: sql`now() + ${LEASE}::interval`,
          updatedAt: now,
        })
        .where(inArray(jobs.id, due))
        .returning();
    },
    close: () => pool.end(),
  };
}
