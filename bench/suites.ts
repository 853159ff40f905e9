import { benchmarkCost } from "./cost/cost-benchmark.js";
import { benchmarkReads } from "./reads/reads-benchmark.js";
import type { ResultTable } from "./result-table.js";
import { benchmarkAdopt, benchmarkSync } from "./sync/sync-benchmark.js";
import { benchmarkWork } from "./queues/work-benchmark.js";
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
  sync: { peers: ["node-pg-migrate"], run: benchmarkSync },
  adopt: { peers: ["node-pg-migrate"], run: benchmarkAdopt },
  cost: { peers: [], run: benchmarkCost },
};
