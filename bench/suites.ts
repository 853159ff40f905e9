import type { BenchmarkTable } from "./benchmark-table.js";
import { benchmarkCost } from "./cost/cost-benchmark.js";
import { benchmarkReads } from "./reads/reads-benchmark.js";
import type { ResultTable } from "./result-table.js";
import { benchmarkApply, benchmarkNoOp } from "./sync/sync-benchmark.js";
import { TenantFleets } from "./sync/tenant-fleet.js";
import { benchmarkWork } from "./work/work-benchmark.js";
import { benchmarkWrites } from "./writes/writes-benchmark.js";

export interface SuiteOptions {
  readonly url: string;
  readonly tenants: readonly number[];
  readonly rounds: number;
  readonly roundTripsMs: readonly number[];
  readonly withPeers: boolean;
  /** Everything small: the figures mean little, but everything runs. */
  readonly quick: boolean;
}

export interface Suite {
  /** The packages that it measures beside the library, whose versions belong to the figures. */
  readonly peers: readonly string[];
  readonly run: (options: SuiteOptions) => AsyncIterable<ResultTable>;
}

/** What `npm run bench` can be asked for, by name. */
export const suites: Readonly<Record<string, Suite>> = {
  reads: { peers: ["drizzle-orm", "knex", "typeorm"], run: benchmarkReads },
  writes: { peers: ["pg-copy-streams"], run: benchmarkWrites },
  work: { peers: ["pg-boss", "graphile-worker"], run: benchmarkWork },
  sync: { peers: ["node-pg-migrate"], run: sync },
  "no-op": { peers: [], run: noOp },
  cost: { peers: [], run: benchmarkCost },
};

async function* sync(options: SuiteOptions): AsyncIterable<BenchmarkTable> {
  const fleets = new TenantFleets(options.url);
  try {
    for (const tenants of options.tenants) {
      for (const state of ["0004_link_jobs_to_batches", "legacy"] as const) {
        for (const roundTripMs of options.roundTripsMs) {
          const withPeers = options.withPeers && roundTripMs === 0;
          yield await benchmarkApply({ fleets, state, tenants, rounds: options.rounds, roundTripMs, withPeers });
        }
      }
    }
  } finally {
    await fleets.end();
  }
}

async function* noOp(options: SuiteOptions): AsyncIterable<BenchmarkTable> {
  const fleets = new TenantFleets(options.url);
  try {
    for (const tenants of options.tenants) yield* await benchmarkNoOp(fleets, tenants, options.rounds);
  } finally {
    await fleets.end();
  }
}
