import type { BenchmarkTable } from "./benchmark-table.js";
import type { LatencyTable } from "./latency-table.js";
import { benchmarkReads } from "./reads/reads-benchmark.js";
import { benchmarkApply, benchmarkNoOp } from "./sync/sync-benchmark.js";
import { TenantFleets } from "./sync/tenant-fleet.js";

export interface SuiteOptions {
  readonly url: string;
  readonly tenants: readonly number[];
  readonly rounds: number;
  readonly roundTripsMs: readonly number[];
  readonly withPeers: boolean;
}

type Suite = (options: SuiteOptions) => AsyncIterable<BenchmarkTable | LatencyTable>;

/** What `npm run bench` can be asked for, by name. */
export const suites: Readonly<Record<string, Suite>> = {
  reads: ({ url, rounds }) => benchmarkReads(url, rounds),
  sync,
  "no-op": noOp,
};

async function* sync(options: SuiteOptions): AsyncIterable<BenchmarkTable> {
  const fleets = new TenantFleets(options.url);
  for (const tenants of options.tenants) {
    for (const state of ["0004_link_jobs_to_batches", "legacy"] as const) {
      for (const roundTripMs of options.roundTripsMs) {
        const withPeers = options.withPeers && roundTripMs === 0;
        yield await benchmarkApply({ fleets, state, tenants, rounds: options.rounds, roundTripMs, withPeers });
      }
    }
  }
  await fleets.end();
}

async function* noOp(options: SuiteOptions): AsyncIterable<BenchmarkTable> {
  const fleets = new TenantFleets(options.url);
  for (const tenants of options.tenants) yield* await benchmarkNoOp(fleets, tenants, options.rounds);
  await fleets.end();
}
