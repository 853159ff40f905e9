import { Kysely, PostgresDialect, sql } from "kysely";
import { quietPool } from "../quiet-pool.js";
import { batchColumnNames, jobColumnNames, toJob, toSummary } from "./row-columns.js";
import { LEASE, MARKETPLACE, PAGE, type TenantClient } from "./tenant-client.js";

type Tables = Record<"user_1.marketplace_jobs" | "user_1.batch_jobs", Record<string, any>>;

/** Kysely's own query builder, without the library. */
export function openKysely(url: string, connections: number): TenantClient {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: quietPool(url, connections) }) });
  return {
    name: "Kysely by hand",
    async jobsOfBatch(batchId) {
      const rows = await db
        .selectFrom("user_1.marketplace_jobs")
        .select(jobColumnNames)
        .where("batch_job_id", "=", db.selectFrom("user_1.batch_jobs").select("id").where("batch_id", "=", batchId))
        .orderBy("created_at")
        .orderBy("id")
        .execute();
      return rows.map(toJob);
    },
    async batchSummary(batchId) {
      const rows = await db
        .selectFrom("user_1.batch_jobs")
        .select(batchColumnNames)
        .where("batch_id", "=", batchId)
        .execute();
      return rows.map(toSummary)[0];
    },
    async listJobs() {
      const rows = await db
        .selectFrom("user_1.marketplace_jobs")
        .select(jobColumnNames)
        .where("marketplace", "=", MARKETPLACE)
        .orderBy("priority")
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(PAGE)
        .execute();
      return rows.map(toJob);
    },
    async claimJobs(limit) {
      const now = sql<Date>`now()`;
      const rows = await db
        .updateTable("user_1.marketplace_jobs")
        .set({
          status: "running",
          attempt: sql`attempt + 1`,
          started_at: now,
          lease_expires_at: sql`now() + ${LEASE}::interval`,
          updated_at: now,
        })
        .where(
          "id",
          "in",
          db
            .selectFrom("user_1.marketplace_jobs")
            .select("id")
            .where("status", "=", "pending")
            .where("marketplace", "=", MARKETPLACE)
            .where("run_at", "<=", now)
            .where("expires_at", ">", now)
            .orderBy("priority")
            .orderBy("run_at")
            .orderBy("id")
            .limit(limit)
            .forUpdate()
            .skipLocked(),
        )
        .returning(jobColumnNames)
        .execute();
      return rows.map(toJob);
    },
    close: () => db.destroy(),
  };
}
