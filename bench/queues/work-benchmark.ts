import type { BenchmarkTable } from "../benchmark-table.js";
import { interleave } from "../interleave.js";
import { quietPool } from "../quiet-pool.js";
import type { SuiteOptions } from "../suites.js";
import { openGraphileWorkers } from "./graphile-workers.js";
import { WORKERS } from "./job-queue.js";
import { openOwnWorkers } from "./own-workers.js";
import { openPgBossWorkers } from "./pg-boss-workers.js";

/** How many jobs a worker takes at a time, and how many there are: more where they go faster. */
const LOADS: readonly { readonly atATime: number; readonly jobs: number }[] = [
  { atATime: 1, jobs: 3_000 },
  { atATime: 10, jobs: 6_000 },
  { atATime: 50, jobs: 15_000 },
];
const QUICK_JOBS = 800;

/** Claims that a worker has asked for beforehand, where it does not wait for one round trip after the other. */
const AHEAD = 4;

/** Claiming and completing jobs that do nothing, with eight workers, beside other queues in PostgreSQL. */
export async function* benchmarkWork({ url, rounds, quick, withPeers }: SuiteOptions): AsyncIterable<BenchmarkTable> {
  const server = quietPool(url, 1);
  const own = await openOwnWorkers(url);
  const pgBoss = withPeers ? await openPgBossWorkers(url) : undefined;
  const graphile = withPeers ? await openGraphileWorkers(url) : undefined;
  try {
    for (const { atATime, jobs: many } of LOADS) {
      const jobs = quick ? QUICK_JOBS : many;
      const inTurn = { jobs, atATime, ahead: 0 };
      const contenders = [
        ...[false, true].flatMap((isCoalesced) =>
          [false, true].flatMap((isPrepared) =>
            [10, jobs].map((batchSize) => own.contender({ ...inTurn, batchSize, isPrepared, isCoalesced })),
          ),
        ),
        ...[10, jobs].map((batchSize) =>
          own.contender({ ...inTurn, ahead: AHEAD, batchSize, isPrepared: true, isCoalesced: true }),
        ),
        ...(pgBoss === undefined
          ? []
          : [undefined, 10, jobs].map((batchSize) => pgBoss.contender({ ...inTurn, ...withBatches(batchSize) }))),
        ...(graphile === undefined
          ? []
          : [undefined, 10, jobs].flatMap((batchSize) =>
              [0, AHEAD].map((ahead) => graphile.contender({ ...inTurn, ahead, ...withBatches(batchSize) })),
            )),
      ];
      yield {
        name: `claim and complete, ${atATime === 1 ? "one" : atATime} at a time`,
        setting: `${WORKERS} workers, ${jobs.toLocaleString("en-US")} jobs`,
        unit: { count: jobs, name: "job" },
        comparisons: await interleave(contenders, rounds, { walOf: server }),
      };
    }
  } finally {
    await own.close();
    await pgBoss?.close();
    await graphile?.close();
    await server.end();
  }
}

function withBatches(batchSize: number | undefined): { batchSize?: number } {
  return batchSize === undefined ? {} : { batchSize };
}
