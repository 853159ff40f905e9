import knex, { type Knex } from "knex";
import type { Reader } from "../latency-table.js";
import { jobColumns, toJob } from "./job-columns.js";

export function openKnex(url: string): Knex {
  return knex({ client: "pg", connection: url, pool: { min: 0, max: 8 } });
}

export function knexReader(db: Knex, batchId: string): Reader {
  return {
    name: "Knex",
    async read() {
      const rows: Record<string, unknown>[] = await db("user_1.marketplace_jobs")
        .select(jobColumns.map(([column]) => column))
        .where("batch_job_id", db("user_1.batch_jobs").select("id").where("batch_id", batchId))
        .orderBy(["created_at", "id"]);
      return rows.map(toJob);
    },
  };
}
