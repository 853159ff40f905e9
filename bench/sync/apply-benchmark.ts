import { createLedger, recordMigration } from "../../src/tenancy/ledger.js";
import type { BenchmarkTable } from "../benchmark-table.js";
import { startDelayingProxy } from "../delaying-proxy.js";
import { type Comparison, type Contender, interleave } from "../interleave.js";
import { assertColumnIsGone } from "./assert-column-is-gone.js";
import { runKyselyMigrator } from "./kysely-migrator.js";
import { runNodePgMigrate } from "./node-pg-migrate.js";
import { runRawFloor, sendAll } from "./raw-floor.js";
import { CONCURRENCY, runSync } from "./run-sync.js";
import { runServerLoop } from "./server-loop.js";
import type { Fleet, TenantFleets } from "./tenant-fleet.js";
import { type UntouchedFleet, UntouchedTenants } from "./untouched-tenants.js";

/** The tools that go tenant after tenant are given a few, and their time is multiplied: they are linear, or worse. */
function peerTenants({ schemas }: Fleet): number {
  // Kysely's Migrator reads the columns of all tenants for each: a matter of seconds where there are ten thousand.
  return Math.max(2, Math.min(20, Math.floor(20_000 / schemas.length)));
}

function tenantsOf({ schemas }: Fleet, perTurn: number): string {
  return `${schemas.length} tenants${perTurn === schemas.length ? "" : ` (${perTurn} a turn)`}`;
}

interface ApplyParams {
  readonly fleets: TenantFleets;
  /** All of its tenants lack the same migrations; its template and its shared schema lack none. */
  readonly fleet: Fleet;
  readonly pending: readonly string[];
  readonly rounds: number;
  readonly roundTripsMs: readonly number[];
  readonly withPeers: boolean;
}

/**
 * Applying what is pending, beside the least a program could do. All contenders work in databases of the same size, and
 * each turn takes tenants that nobody has worked on.
 */
export async function* benchmarkApply(params: ApplyParams): AsyncIterable<BenchmarkTable> {
  const { fleets, fleet, pending, rounds, roundTripsMs, withPeers } = params;
  const hasPeers = (roundTripMs: number): boolean => withPeers && roundTripMs === 0;
  const turns = roundTripsMs.reduce((sum, roundTripMs) => sum + rounds * (hasPeers(roundTripMs) ? 3 : 2), 0);
  // Two more for the peers, who take at most as many as anybody else.
  const untouched = new UntouchedTenants(fleets, fleet, turns + (roundTripsMs.some(hasPeers) ? 2 : 0));
  for (const roundTripMs of roundTripsMs) {
    const contender = contenders({ untouched, roundTripMs });
    const comparisons = await interleave(
      [
        contender(`raw pg, one transaction a tenant, ${CONCURRENCY} connections`, (slice, url) =>
          runRawFloor({ fleet: slice, url, pending, concurrency: CONCURRENCY }),
        ),
        contender(`syncTenantSchemas, concurrency ${CONCURRENCY}`, (slice, url) =>
          runSync(url, slice.isWhole ? undefined : slice.schemas),
        ),
        ...(hasPeers(roundTripMs)
          ? [contender("a loop in the server, one connection", (slice) => runServerLoop(slice, pending))]
          : []),
      ],
      rounds,
    );
    const peers = hasPeers(roundTripMs)
      ? await benchmarkPeers({ untouched, pending, few: peerTenants(fleet), floor: comparisons[0] })
      : [];
    yield {
      name: `sync, ${pending.length} pending`,
      setting: `${tenantsOf(fleet, untouched.perTurn)}, ${roundTripMs} ms network round trip`,
      unit: { count: untouched.perTurn, name: "tenant" },
      tenants: fleet.schemas.length,
      comparisons: [...comparisons, ...peers],
    };
  }
}

interface TurnSetting {
  readonly untouched: UntouchedTenants;
  readonly roundTripMs: number;
}

interface TurnOptions {
  readonly tenants?: number;
  readonly finish?: (slice: Fleet) => Promise<void>;
}

type ContenderOf = (
  name: string,
  run: (slice: UntouchedFleet, url: string) => Promise<void>,
  options?: TurnOptions,
) => Contender;

function contenders({ untouched, roundTripMs }: TurnSetting): ContenderOf {
  return (name, run, { tenants, finish } = {}) => {
    let slice: UntouchedFleet | undefined;
    let proxy: Awaited<ReturnType<typeof startDelayingProxy>> | undefined;
    return {
      name,
      async prepare() {
        slice = await untouched.take(tenants);
        proxy = roundTripMs === 0 ? undefined : await startDelayingProxy(slice.url, roundTripMs);
      },
      async run() {
        if (slice !== undefined) await run(slice, proxy?.url ?? slice.url);
      },
      async finish() {
        await proxy?.stop();
        if (slice === undefined) return;
        await assertColumnIsGone(slice);
        await finish?.(slice);
        await untouched.giveBack(slice);
      },
    };
  };
}

/** Who keeps a record of his own leaves ours as it was; whoever comes later goes by ours. */
async function recordAll({ url, schemas }: Fleet, names: readonly string[]): Promise<void> {
  const recordIn = (schema: string): string =>
    [createLedger(schema), ...names.map((name) => recordMigration(schema, name))].join("\n");
  await sendAll({ url, concurrency: 1, messages: schemas.map((schema) => () => recordIn(schema)) });
}

interface PeersParams {
  readonly untouched: UntouchedTenants;
  readonly pending: readonly string[];
  readonly few: number;
  readonly floor: Comparison | undefined;
}

async function benchmarkPeers({ untouched, pending, floor, ...params }: PeersParams): Promise<Comparison[]> {
  const contender = contenders({ untouched, roundTripMs: 0 });
  const few = Math.min(params.few, untouched.perTurn);
  const scale = untouched.perTurn / few;
  const suffix = scale === 1 ? "" : ` (${few} tenants, scaled)`;
  const peers = await interleave(
    [
      contender(`node-pg-migrate per schema${suffix}`, (slice, url) => runNodePgMigrate(url, slice.schemas, pending), {
        tenants: few,
        finish: (slice) => recordAll(slice, pending),
      }),
      contender(`Kysely Migrator per schema${suffix}`, (slice, url) => runKyselyMigrator(url, slice.schemas), {
        tenants: few,
      }),
    ],
    1,
  );
  return peers.map((peer) => ({
    ...peer,
    ms: peer.ms * scale,
    cpuMs: peer.cpuMs * scale,
    ratio: (peer.ms * scale) / (floor?.ms ?? Number.NaN),
    ratioLow: Number.NaN,
    ratioHigh: Number.NaN,
  }));
}
