import { createJobTenant, type JobTenant } from "../job-tenant.js";
import { compareLatencies, type CompareLatenciesParams, type LatencyTable } from "../latency-table.js";
import type { SuiteOptions } from "../suites.js";
import { openDrizzle } from "./drizzle-client.js";
import { openKnex } from "./knex-client.js";
import { openKysely } from "./kysely-client.js";
import { type Question, readersOf } from "./question.js";
import { batchIdOf, batchSummary, CLAIMED, claimJobs, jobsOfBatch, listJobs } from "./questions.js";
import type { TenantClient } from "./tenant-client.js";
import { openTypeOrm } from "./typeorm-client.js";

const CONNECTIONS = 8;
const BATCH_SIZES = [1, 200, 10_000];
const OTHER_BATCH = 1_000;

interface ReadsScale {
  readonly otherBatches: number;
  readonly turnMs: number;
  readonly claims: number;
}

const FULL: ReadsScale = { otherBatches: 90, turnMs: 150, claims: 100 };
const QUICK: ReadsScale = { otherBatches: 2, turnMs: 15, claims: 16 };

interface AskedQuestion {
  readonly name: string;
  readonly question: Question;
  readonly turn: CompareLatenciesParams["turn"];
}

/** Reading a batch's jobs, its summary and a page of the list, and claiming, beside the same SQL without the library. */
export async function* benchmarkReads({ url, rounds, quick, withPeers }: SuiteOptions): AsyncIterable<LatencyTable> {
  const scale = quick ? QUICK : FULL;
  const turn = { ms: scale.turnMs };
  const read = (tenant: JobTenant): AsyncIterable<LatencyTable> =>
    askAll(tenant, { rounds, withPeers }, [
      ...BATCH_SIZES.map((size) => ({
        name: `getJobsByBatchId, ${size.toLocaleString("en-US")} ${size === 1 ? "job" : "jobs"}`,
        question: jobsOfBatch(size),
        turn,
      })),
      { name: "getBatchSummary", question: batchSummary(200), turn },
      { name: "listJobs, a page of 50", question: listJobs, turn },
    ]);
  const claim = (tenant: JobTenant): AsyncIterable<LatencyTable> => {
    const claims = scale.claims;
    // Every caller begins one more, and the statement is looked at and tried first.
    const question = claimJobs(tenant, (claims + CONNECTIONS + 4) * CLAIMED);
    return askAll(tenant, { rounds, withPeers }, [
      { name: `claimJobs, ${CLAIMED} jobs`, question, turn: { calls: claims } },
    ]);
  };
  for (const ask of [read, claim]) {
    const tenant = await createJobTenant(url, CONNECTIONS);
    try {
      if (ask === read) await fill(tenant, scale.otherBatches);
      yield* ask(tenant);
    } finally {
      await tenant.drop();
    }
  }
}

async function* askAll(
  tenant: JobTenant,
  { rounds, withPeers }: { readonly rounds: number; readonly withPeers: boolean },
  questions: readonly AskedQuestion[],
): AsyncIterable<LatencyTable> {
  const clients: TenantClient[] = [openKysely(tenant.url, CONNECTIONS)];
  try {
    if (withPeers) {
      clients.push(openDrizzle(tenant.url, CONNECTIONS), openKnex(tenant.url, CONNECTIONS));
      clients.push(await openTypeOrm(tenant.url, CONNECTIONS));
    }
    for (const { name, question, turn } of questions) {
      const readers = await readersOf(question, tenant, clients);
      for (const concurrency of [1, CONNECTIONS]) {
        const latencies = await compareLatencies({ readers, rounds, concurrency, turn });
        yield { name, setting: `concurrency ${concurrency}`, latencies };
      }
    }
  } finally {
    for (const client of clients) await client.close();
  }
}

async function fill({ pool, repositories }: JobTenant, otherBatches: number): Promise<void> {
  const sizes: [string, number][] = BATCH_SIZES.map((size) => [batchIdOf(size), size]);
  for (let index = 0; index < otherBatches; index += 1) sizes.push([`other_${index}`, OTHER_BATCH]);
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
