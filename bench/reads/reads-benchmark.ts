import { sql } from "kysely";
import { jobsOfBatchQuery } from "../../src/repositories/jobs-of-batch-query.js";
import { tenantDatabase } from "../../src/repositories/tenant-database.js";
import { parseTenantSchemaName } from "../../src/tenancy/tenant-schema-name.js";
import type { SuiteOptions } from "../suites.js";
import { createJobTenant, type JobTenant } from "../job-tenant.js";
import { compareLatencies, type LatencyTable, type Reader } from "../latency-table.js";
import { drizzleReader } from "./drizzle-reader.js";
import { jobColumns, toJob } from "./job-columns.js";
import { knexReader, openKnex } from "./knex-reader.js";
import { openTypeOrm, typeOrmReader } from "./typeorm-reader.js";

const CONNECTIONS = 8;
const SLICE_MS = 150;
const TENANT_JOBS = 100_000;
const BATCH_SIZES = [200, 1, 10_000];

/** Reading a batch's jobs, its summary and a page of the list, beside the same SQL over the bare driver. */
export async function* benchmarkReads({ url: serverUrl, rounds }: SuiteOptions): AsyncIterable<LatencyTable> {
  const tenant = await createJobTenant(serverUrl, CONNECTIONS);
  const knex = openKnex(tenant.url);
  const typeOrm = await openTypeOrm(tenant.url);
  try {
    await fill(tenant);
    for (const size of BATCH_SIZES) {
      const batchId = `batch_of_${size}`;
      const readers = [
        ...ownReaders(tenant, batchId),
        drizzleReader(tenant.pool, batchId),
        knexReader(knex, batchId),
        typeOrmReader(typeOrm, batchId),
      ];
      await checkLengths(readers, size);
      for (const concurrency of [1, CONNECTIONS]) {
        const latencies = await compareLatencies({ readers, rounds, turn: { ms: SLICE_MS }, concurrency });
        yield { name: `getJobsByBatchId, ${size} jobs`, setting: `concurrency ${concurrency}`, latencies };
      }
    }
    const others = { getBatchSummary: summaryReaders(tenant), listJobs: listReaders(tenant) };
    for (const [name, readers] of Object.entries(others)) {
      for (const concurrency of [1, CONNECTIONS]) {
        const latencies = await compareLatencies({ readers, rounds, turn: { ms: SLICE_MS }, concurrency });
        yield { name, setting: `concurrency ${concurrency}`, latencies };
      }
    }
  } finally {
    await typeOrm.destroy();
    await knex.destroy();
    await tenant.drop();
  }
}

async function fill({ pool, repositories }: JobTenant): Promise<void> {
  const sizes = BATCH_SIZES.map((size): [string, number] => [`batch_of_${size}`, size]);
  for (let rest = TENANT_JOBS - 10_201, index = 0; rest > 0; rest -= 1_000, index += 1) {
    sizes.push([`other_${index}`, Math.min(rest, 1_000)]);
  }
  for (const [batchId, size] of sizes) {
    await repositories.batches.createBatch({
      marketplace: "vinted",
      actionCode: "publish",
      batchId,
      productIds: Array.from({ length: size }, (_, index) => index + 1),
      inputData: { title: "a blue coat", price: 12.5 },
    });
  }
  await pool.query("vacuum analyze");
}

function ownReaders({ pool, db, repositories }: JobTenant, batchId: string): Reader[] {
  const tenant = tenantDatabase(db, parseTenantSchemaName("user_1"), "public");
  const { sql: text, parameters } = jobsOfBatchQuery(tenant, batchId, {}).compile(db);
  const values = [...parameters];
  return [
    { name: "raw pg, the same SQL", read: async () => (await pool.query(text, values)).rows.map(toJob) },
    {
      name: "raw pg, prepared",
      read: async () => (await pool.query({ name: "jobs of batch", text, values })).rows.map(toJob),
    },
    { name: "getJobsByBatchId", read: () => repositories.jobs.getJobsByBatchId(batchId) },
    {
      name: "Kysely by hand",
      async read() {
        const { rows } = await sql<Record<string, unknown>>`
          select ${sql.join(jobColumns.map(([column]) => sql.ref(column)))}
          from user_1.marketplace_jobs
          where batch_job_id = (select id from user_1.batch_jobs where batch_id = ${batchId})
          order by created_at, id`.execute(db);
        return rows.map(toJob);
      },
    },
  ];
}

async function checkLengths(readers: readonly Reader[], size: number): Promise<void> {
  for (const { name, read } of readers) {
    const answer = await read();
    if (!Array.isArray(answer) || answer.length !== size) throw new Error(`${name} did not read ${size} jobs`);
  }
}

function summaryReaders({ pool, repositories }: JobTenant): Reader[] {
  const text = `
    select id, batch_id as "batchId", marketplace, action_code as "actionCode", total_count as "totalCount",
      completed_count as "completedCount", failed_count as "failedCount", cancelled_count as "cancelledCount", status,
      priority, created_by_user_id as "createdByUserId", created_at as "createdAt", started_at as "startedAt",
      completed_at as "completedAt", pruned_at as "prunedAt"
    from user_1.batch_jobs where batch_id = $1`;
  const values = ["batch_of_200"];
  return [
    { name: "raw pg", read: async () => (await pool.query(text, values)).rows[0] },
    { name: "raw pg, prepared", read: async () => (await pool.query({ name: "summary", text, values })).rows[0] },
    { name: "getBatchSummary", read: () => repositories.batches.getBatchSummary("batch_of_200") },
  ];
}

function listReaders({ pool, repositories }: JobTenant): Reader[] {
  const text = `
    select ${jobColumns.map(([column]) => column).join(", ")} from user_1.marketplace_jobs
    where marketplace = $1 order by priority, created_at desc, id desc limit 50`;
  const values = ["vinted"];
  return [
    { name: "raw pg", read: async () => (await pool.query(text, values)).rows.map(toJob) },
    {
      name: "raw pg, prepared",
      read: async () => (await pool.query({ name: "list", text, values })).rows.map(toJob),
    },
    { name: "listJobs", read: () => repositories.jobs.listJobs({ marketplace: "vinted" }) },
  ];
}
