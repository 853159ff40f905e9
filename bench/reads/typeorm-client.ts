import "reflect-metadata";
import { DataSource, EntitySchema, type EntitySchemaColumnOptions } from "typeorm";
import { batchColumns, jobColumns, toJob } from "./row-columns.js";
import { LEASE, MARKETPLACE, PAGE, type TenantClient } from "./tenant-client.js";

type Entity = Record<string, unknown>;

const jobEntity = entity("MarketplaceJob", "marketplace_jobs", jobColumns);
const batchEntity = entity("BatchJob", "batch_jobs", batchColumns);

export async function openTypeOrm(url: string, connections: number): Promise<TenantClient> {
  const source = await new DataSource({
    type: "postgres",
    url,
    entities: [jobEntity, batchEntity],
    extra: { max: connections },
  }).initialize();
  const jobs = source.getRepository(jobEntity);
  const batches = source.getRepository(batchEntity);
  return {
    name: "TypeORM",
    jobsOfBatch: async (batchId) =>
      withNumbers(
        await jobs
          .createQueryBuilder("j")
          .where("j.batch_job_id = (select b.id from user_1.batch_jobs b where b.batch_id = :batchId)", { batchId })
          .orderBy("j.createdAt")
          .addOrderBy("j.id")
          .getMany(),
      ),
    batchSummary: async (batchId) => batches.findOneBy({ batchId }),
    listJobs: async () =>
      withNumbers(
        await jobs.find({
          where: { marketplace: MARKETPLACE },
          order: { priority: "ASC", createdAt: "DESC", id: "DESC" },
          take: PAGE,
        }),
      ),
    async claimJobs(limit) {
      const { raw } = await jobs
        .createQueryBuilder()
        .update()
        .set({
          status: "running",
          attempt: () => "attempt + 1",
          startedAt: () => "now()",
          leaseExpiresAt: () => `now() + interval '${LEASE}'`,
          updatedAt: () => "now()",
        })
        .where(
          `id in (
             select id from user_1.marketplace_jobs
             where status = 'pending' and marketplace = :marketplace and run_at <= now() and expires_at > now()
             order by priority, run_at, id limit :limit for update skip locked)`,
          { marketplace: MARKETPLACE, limit },
        )
        .returning(jobColumns.map(([, property]) => property))
        .execute();
      return (raw as Entity[]).map(toJob);
    },
    close: () => source.destroy(),
  };
}

function entity(
  name: string,
  tableName: string,
  columns: readonly (readonly [column: string, property: string])[],
): EntitySchema<Entity> {
  return new EntitySchema<Entity>({
    name,
    tableName,
    schema: "user_1",
    columns: Object.fromEntries(
      columns.map(([column, property]): [string, EntitySchemaColumnOptions] => [
        property,
        { name: column, type: typeOf(column), primary: column === "id" },
      ]),
    ),
  });
}

function typeOf(column: string): "jsonb" | "timestamptz" | "bigint" | "boolean" | "varchar" | "integer" {
  if (column.endsWith("_data")) return "jsonb";
  if (column.endsWith("_at")) return "timestamptz";
  if (column === "product_id") return "bigint";
  if (column === "cancel_requested") return "boolean";
  const texts = ["batch_id", "marketplace", "action_code", "status", "idempotency_key", "error_message"];
  return texts.includes(column) ? "varchar" : "integer";
}

/** It leaves a bigint a string. */
function withNumbers(jobs: readonly Entity[]): readonly Entity[] {
  for (const job of jobs) job["productId"] = Number(job["productId"]);
  return jobs;
}
