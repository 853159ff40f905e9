import knex from "knex";
import { batchColumnNames, jobColumnNames, toJob, toSummary } from "./row-columns.js";
import { LEASE, MARKETPLACE, PAGE, type TenantClient } from "./tenant-client.js";

type Row = Record<string, unknown>;

export function openKnex(url: string, connections: number): TenantClient {
  const db = knex({ client: "pg", connection: url, pool: { min: 0, max: connections } });
  const jobs = () => db<Row>("user_1.marketplace_jobs");
  const batches = () => db<Row>("user_1.batch_jobs");
  return {
    name: "Knex",
    async jobsOfBatch(batchId) {
      const rows: Row[] = await jobs()
        .select(...jobColumnNames)
        .where("batch_job_id", batches().select("id").where("batch_id", batchId))
        .orderBy(["created_at", "id"]);
      return rows.map(toJob);
    },
    async batchSummary(batchId) {
      const rows: Row[] = await batches()
        .select(...batchColumnNames)
        .where("batch_id", batchId);
      return rows.map(toSummary)[0];
    },
    async listJobs() {
      const rows: Row[] = await jobs()
        .select(...jobColumnNames)
        .where("marketplace", MARKETPLACE)
        .orderBy(["priority", { column: "created_at", order: "desc" }, { column: "id", order: "desc" }])
        .limit(PAGE);
      return rows.map(toJob);
    },
    async claimJobs(limit) {
      const due = jobs()
        .select("id")
        .where({ status: "pending", marketplace: MARKETPLACE })
        .where("run_at", "<=", db.fn.now())
        .where("expires_at", ">", db.fn.now())
        .orderBy(["priority", "run_at", "id"])
        .limit(limit)
        .forUpdate()
        .skipLocked();
      const rows: Row[] = await jobs()
        .whereIn("id", due)
        .update({
          status: "running",
          attempt: db.raw("attempt + 1"),
          started_at: db.fn.now(),
          lease_expires_at: db.raw("now() + ?::interval", [LEASE]),
          updated_at: db.fn.now(),
        })
        .returning(jobColumnNames as string[]);
      return rows.map(toJob);
    },
    close: () => db.destroy(),
  };
}
