import type { BenchmarkTable } from "../benchmark-table.js";
import { type Contender, interleave } from "../interleave.js";
import { quietPool } from "../quiet-pool.js";
import type { SuiteOptions } from "../suites.js";
import { openGraphileWorkers } from "./graphile-workers.js";
import { type HostKeeping, type QueueLoad, WORKERS } from "./job-queue.js";
import { openOwnWorkers } from "./own-workers.js";
import { openPgBossWorkers } from "./pg-boss-workers.js";

interface Load {
  /** How many jobs a worker takes at a time. */
  readonly atATime: number;
  /** More where they go faster. */
  readonly inTurn: number;
  /** So many that a turn takes most of a second at least, and what a session does at its beginning is little of it. */
  readonly ahead: number;
}

const LOADS: readonly Load[] = [
  { atATime: 1, inTurn: 3_000, ahead: 10_000 },
  { atATime: 10, inTurn: 6_000, ahead: 40_000 },
  { atATime: 50, inTurn: 15_000, ahead: 50_000 },
];
const QUICK_JOBS = 800;

/** For how many turns workers ask beforehand that do not wait for one round trip after the other. */
const TURNS_AHEAD = 5;

const KEEPINGS: readonly HostKeeping[] = ["lean tables", "the same tables"];

/** Claiming and completing jobs that do nothing, with eight workers, beside other queues in PostgreSQL. */
export async function* benchmarkWork({ url, rounds, quick, withPeers }: SuiteOptions): AsyncIterable<BenchmarkTable> {
  const server = quietPool(url, 1);
  const own = await openOwnWorkers(url);
  const pgBoss = withPeers ? await openPgBossWorkers(url) : undefined;
  const graphile = withPeers ? await openGraphileWorkers(url) : undefined;
  const peersOf = (load: QueueLoad): Contender[] =>
    [pgBoss, graphile].flatMap((peer) =>
      [
        load,
        ...KEEPINGS.flatMap((keeping) =>
          [10, load.jobs].map((batchSize) => ({ ...load, host: { keeping, batchSize } })),
        ),
      ].flatMap((peerLoad) => peer?.contender(peerLoad) ?? []),
    );
  const measure = async (
    name: string,
    { jobs, atATime }: QueueLoad,
    contenders: Contender[],
  ): Promise<BenchmarkTable> => ({
    name: `${name}, ${atATime === 1 ? "one" : atATime} at a time`,
    setting: `${WORKERS} workers, ${jobs.toLocaleString("en-US")} jobs`,
    unit: { count: jobs, name: "job" },
    comparisons: await interleave(contenders, rounds, { walOf: server }),
  });
  try {
    for (const { atATime, inTurn } of LOADS) {
      const load = { jobs: quick ? QUICK_JOBS : inTurn, atATime, ahead: 0 };
      const contenders = [false, true].flatMap((isCoalesced) =>
        [false, true].flatMap((isPrepared) =>
          [10, load.jobs].map((batchSize) => own.contender({ ...load, batchSize, isPrepared, isCoalesced })),
        ),
      );
      yield await measure("claim and complete", load, [...contenders, ...peersOf(load)]);
    }
    for (const { atATime, ahead } of LOADS) {
      const load = { jobs: quick ? QUICK_JOBS : ahead, atATime, ahead: TURNS_AHEAD };
      const contenders = [10, load.jobs].map((batchSize) =>
        own.contender({ ...load, batchSize, isPrepared: true, isCoalesced: true }),
      );
      yield await measure("claim and complete, asking ahead", load, [...contenders, ...peersOf(load)]);
    }
  } finally {
    await own.close();
    await pgBoss?.close();
    await graphile?.close();
    await server.end();
  }
}
