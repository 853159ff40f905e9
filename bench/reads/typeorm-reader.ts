import "reflect-metadata";
import { DataSource, EntitySchema, type EntitySchemaColumnOptions } from "typeorm";
import type { Reader } from "../latency-table.js";
import { jobColumns } from "./job-columns.js";

const jobEntity = new EntitySchema<Record<string, unknown>>({
  name: "MarketplaceJob",
  tableName: "marketplace_jobs",
  schema: "user_1",
  columns: Object.fromEntries(
    jobColumns.map(([name, property]): [string, EntitySchemaColumnOptions] => [
      property,
      { name, type: typeOf(name), primary: name === "id" },
    ]),
  ),
});

export async function openTypeOrm(url: string): Promise<DataSource> {
  return new DataSource({ type: "postgres", url, entities: [jobEntity], extra: { max: 8 } }).initialize();
}

export function typeOrmReader(source: DataSource, batchId: string): Reader {
  const jobs = source.getRepository(jobEntity);
  return {
    name: "TypeORM",
    async read() {
      const found = await jobs
        .createQueryBuilder("j")
        .where("j.batch_job_id = (select b.id from user_1.batch_jobs b where b.batch_id = :batchId)", { batchId })
        .orderBy("j.createdAt")
        .addOrderBy("j.id")
        .getMany();
      for (const job of found) job["productId"] = Number(job["productId"]);
      return found;
    },
  };
}

function typeOf(column: string): "jsonb" | "timestamptz" | "bigint" | "boolean" | "varchar" | "integer" {
  if (column.endsWith("_data")) return "jsonb";
  if (column.endsWith("_at")) return "timestamptz";
  if (column === "product_id") return "bigint";
  if (column === "cancel_requested") return "boolean";
  return ["marketplace", "status", "idempotency_key", "error_message"].includes(column) ? "varchar" : "integer";
}
