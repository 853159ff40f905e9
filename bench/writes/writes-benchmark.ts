import type { BenchmarkTable } from "../benchmark-table.js";
import { type Contender, interleave } from "../interleave.js";
import { createJobTenant, type JobTenant, openJobTenant } from "../job-tenant.js";
import { checkpoint, createDatabase, type OwnDatabase } from "../own-database.js";
import { quietPool } from "../quiet-pool.js";
import type { SuiteOptions } from "../suites.js";
import { INPUT_DATA } from "./batch-rows.js";
import { type BatchWriter, batchWriters } from "./batch-writers.js";

/** How many batches of a size are written in one turn: enough to tell the time of one. */
const SIZES: readonly { readonly jobs: number; readonly batches: number }[] = [
  { jobs: 1, batches: 300 },
  { jobs: 200, batches: 20 },
  { jobs: 10_000, batches: 1 },
];
const QUICK_SIZES: typeof SIZES = [
  { jobs: 1, batches: 10 },
  { jobs: 200, batches: 2 },
  { jobs: 1_000, batches: 1 },
];

/** What is in the tenant already, as indexes are slower to write the more is in them. */
const TENANT_JOBS = 50_000;
const QUICK_TENANT_JOBS = 2_000;

/** Writing a batch and its jobs, each turn into a fresh copy of the same tenant, over one connection. */
export async function* benchmarkWrites({ url, rounds, quick }: SuiteOptions): AsyncIterable<BenchmarkTable> {
  const present = quick ? QUICK_TENANT_JOBS : TENANT_JOBS;
  const server = quietPool(url, 1);
  const original = await createJobTenant(url, 1);
  try {
    await fill(original, present);
    await original.disconnect();
    for (const { jobs, batches } of quick ? QUICK_SIZES : SIZES) {
      const contenders = batchWriters.map((writer) => contender({ serverUrl: url, original, writer, jobs, batches }));
      const comparisons = await interleave(contenders, rounds, { walOf: server });
      yield {
        name: `createBatch, ${jobs.toLocaleString("en-US")} ${jobs === 1 ? "job" : "jobs"}`,
        setting: `${present.toLocaleString("en-US")} jobs in the tenant before, one connection, ${batches} in a turn`,
        unit: { count: batches, name: "batch" },
        comparisons,
      };
    }
  } finally {
    await original.drop();
    await server.end();
  }
}

async function fill({ repositories, pool }: JobTenant, jobs: number): Promise<void> {
  for (let start = 0; start < jobs; start += 1_000) {
    await repositories.batches.createBatch({
      batchId: `present_${start}`,
      marketplace: "vinted",
      actionCode: "publish",
      productIds: Array.from({ length: 1_000 }, (_, index) => index + 1),
      inputData: INPUT_DATA,
    });
  }
  await pool.query("vacuum analyze");
}

interface ContenderParams {
  readonly serverUrl: string;
  readonly original: JobTenant;
  readonly writer: BatchWriter;
  readonly jobs: number;
  readonly batches: number;
}

function contender({ serverUrl, original, writer, jobs, batches }: ContenderParams): Contender {
  const productIds = Array.from({ length: jobs }, (_, index) => index + 1);
  let database: OwnDatabase | undefined;
  let tenant: JobTenant | undefined;
  return {
    name: writer.name,
    async prepare() {
      database = await createDatabase(serverUrl, original.name);
      tenant = openJobTenant(database, 1);
      await checkpoint(serverUrl);
      // The connection, and the pages that every insert writes to.
      await writer.write(tenant, { batchId: "first", productIds: productIds.slice(0, 200) });
    },
    async run() {
      if (tenant === undefined) throw new Error("the turn was not prepared");
      for (let batch = 0; batch < batches; batch += 1) {
        await writer.write(tenant, { batchId: `measured_${batch}`, productIds });
      }
    },
    async finish() {
      try {
        if (tenant !== undefined) await checkRows(tenant, { batches, jobs: batches * jobs });
      } finally {
        await tenant?.disconnect();
        await database?.drop();
        database = undefined;
        tenant = undefined;
      }
    },
  };
}

/** Every contender has to have written the same rows. */
async function checkRows({ pool }: JobTenant, wanted: { batches: number; jobs: number }): Promise<void> {
  const { rows } = await pool.query<{ batches: number; jobs: number }>(
    `select count(distinct b.id)::integer as batches, count(j.id)::integer as jobs
     from user_1.batch_jobs b
     join user_1.marketplace_jobs j on j.batch_job_id = b.id
     where b.batch_id like 'measured\\_%' and b.action_code = 'publish' and b.status = 'pending' and b.priority = 3
       and j.marketplace = b.marketplace and j.action_type_id = 3 and j.status = 'pending' and j.priority = 3
       and j.max_retries = 3 and j.input_data = $1 and j.product_id between 1 and b.total_count
       and j.expires_at > now()`,
    [JSON.stringify(INPUT_DATA)],
  );
  const [found] = rows;
  if (found?.batches !== wanted.batches || found.jobs !== wanted.jobs) {
    throw new Error(`${wanted.batches} batches with ${wanted.jobs} jobs were to be written, and were not`);
  }
}
