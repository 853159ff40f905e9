import { Kysely, PostgresDialect } from "kysely";
import { syncTenantSchemas, verifyTenantSchemas } from "marketplace-jobs";
import pg from "pg";
import { migrations } from "../../migrations/index.js";
import { startDelayingProxy } from "../delaying-proxy.js";
import { type Contender, interleave } from "../interleave.js";
import type { BenchmarkTable } from "../benchmark-table.js";
import { quietPool } from "../quiet-pool.js";
import { runKyselyMigrator } from "./kysely-migrator.js";
import { runNodePgMigrate } from "./node-pg-migrate.js";
import { runRawFloor } from "./raw-floor.js";
import { runServerLoop } from "./server-loop.js";
import { type Fleet, type FleetState, type TenantFleets } from "./tenant-fleet.js";

const CONCURRENCY = 4;

/** The tools that go tenant after tenant are given this many, and their time is multiplied: they are linear, or worse. */
const PEER_TENANTS = 20;

interface ApplyParams {
  readonly fleets: TenantFleets;
  readonly state: Exclude<FleetState, "0005_drop_marketplace_jobs_batch_id">;
  readonly tenants: number;
  readonly rounds: number;
  readonly roundTripMs: number;
  readonly withPeers: boolean;
}

/** Applying what is pending to every tenant, beside the least a program could do. */
export async function benchmarkApply(params: ApplyParams): Promise<BenchmarkTable> {
  const { fleets, state, tenants, rounds, roundTripMs, withPeers } = params;
  const pending = Object.keys(migrations).filter((name) => state === "legacy" || name > state);
  const contender = (name: string, run: (fleet: Fleet, url: string) => Promise<void>): Contender => {
    let fleet: Fleet | undefined;
    let proxy: Awaited<ReturnType<typeof startDelayingProxy>> | undefined;
    return {
      name,
      async prepare() {
        fleet = await fleets.copy(state, tenants);
        proxy = roundTripMs === 0 ? undefined : await startDelayingProxy(fleet.url, roundTripMs);
      },
      async run() {
        if (fleet !== undefined) await run(fleet, proxy?.url ?? fleet.url);
      },
      async finish() {
        await proxy?.stop();
        if (fleet !== undefined) await fleets.drop(fleet);
      },
    };
  };
  const contenders = [
    contender(`raw pg, one transaction a tenant, ${CONCURRENCY} connections`, (fleet, url) =>
      runRawFloor({ fleet, url, pending, concurrency: CONCURRENCY }),
    ),
    contender(`syncTenantSchemas, concurrency ${CONCURRENCY}`, (_, url) => sync(url)),
    ...(withPeers ? [contender("a loop in the server, one connection", (fleet) => runServerLoop(fleet, pending))] : []),
  ];
  const comparisons = await interleave(contenders, rounds);
  const peers = withPeers ? await peersOf(params, pending, contender) : [];
  const rows = [
    ...comparisons,
    ...peers.map((peer) => ({ ...peer, ratio: peer.ms / (comparisons[0]?.ms ?? Number.NaN) })),
  ];
  return {
    name: `sync, ${pending.length} pending`,
    setting: `${tenants} tenants, ${roundTripMs} ms network round trip`,
    unit: { count: tenants, name: "tenant" },
    comparisons: rows,
  };
}

async function peersOf(
  { tenants }: ApplyParams,
  pending: readonly string[],
  contender: (name: string, run: (fleet: Fleet, url: string) => Promise<void>) => Contender,
): Promise<Awaited<ReturnType<typeof interleave>>> {
  const few = Math.min(PEER_TENANTS, tenants);
  const scale = tenants / few;
  const suffix = few === tenants ? "" : ` (${few} tenants, scaled)`;
  const peers = await interleave(
    [
      contender(`node-pg-migrate per schema${suffix}`, (fleet, url) =>
        runNodePgMigrate(url, fleet.schemas.slice(0, few), pending),
      ),
      contender(`Kysely Migrator per schema${suffix}`, (fleet, url) =>
        runKyselyMigrator(url, fleet.schemas.slice(0, few)),
      ),
    ],
    1,
  );
  return peers.map((peer) => ({
    ...peer,
    ms: peer.ms * scale,
    cpuMs: peer.cpuMs * scale,
    ratioLow: Number.NaN,
    ratioHigh: Number.NaN,
  }));
}

/** A run that finds nothing to do, and a verification, beside the bare reading that each cannot do without. */
export async function benchmarkNoOp(fleets: TenantFleets, tenants: number, rounds: number): Promise<BenchmarkTable[]> {
  const fleet = await fleets.copy("0005_drop_marketplace_jobs_batch_id", tenants);
  const noOp = await interleave(
    [
      { name: "raw pg, every ledger read, a hundred in a query", run: () => readLedgers(fleet) },
      { name: "syncTenantSchemas", run: () => sync(fleet.url) },
    ],
    rounds,
  );
  const verify = await interleave([{ name: "verifyTenantSchemas", run: () => verifyAll(fleet.url) }], rounds);
  await fleets.drop(fleet);
  const setting = `${tenants} tenants`;
  const unit = { count: tenants, name: "tenant" };
  return [
    { name: "sync, nothing pending", setting, unit, comparisons: noOp },
    { name: "verify", setting, unit, comparisons: verify },
  ];
}

async function sync(url: string): Promise<void> {
  await withKysely(url, async (db) => {
    const report = await syncTenantSchemas(db, { concurrency: CONCURRENCY });
    if (report.status !== "ok") throw new Error(`the sync ended ${report.status}`);
  });
}

async function verifyAll(url: string): Promise<void> {
  await withKysely(url, async (db) => {
    const report = await verifyTenantSchemas(db);
    if (report.summary.drifted > 0) throw new Error(`${report.summary.drifted} tenants have drifted`);
  });
}

async function withKysely(url: string, use: (db: Kysely<unknown>) => Promise<void>): Promise<void> {
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: quietPool(url, CONCURRENCY + 2) }),
  });
  try {
    await use(db);
  } finally {
    await db.destroy();
  }
}

async function readLedgers({ url, schemas }: Fleet): Promise<void> {
  const clients = Array.from({ length: CONCURRENCY }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  const chunks: string[][] = [];
  for (let start = 0; start < schemas.length; start += 100) chunks.push(schemas.slice(start, start + 100));
  const rest = chunks.values();
  await Promise.all(
    clients.map(async (client) => {
      for (const chunk of rest) {
        const ledgers = chunk.map(
          (schema) => `select '${schema}' as schema, name from ${schema}.marketplace_jobs_migration`,
        );
        await client.query(ledgers.join(" union all "));
      }
    }),
  );
  await Promise.all(clients.map((client) => client.end()));
}
