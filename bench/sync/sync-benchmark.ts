import { migrations, sharedMigrations } from "../../migrations/index.js";
import { measureOperation } from "../cost/measured-operation.js";
import { tenancyOperations } from "../cost/tenancy-operations.js";
import { interleave } from "../interleave.js";
import type { ResultTable } from "../result-table.js";
import type { SuiteOptions } from "../suites.js";
import { benchmarkApply } from "./apply-benchmark.js";
import { readLedgers, readStructures } from "./bare-reading.js";
import { sendAll } from "./raw-floor.js";
import { runSync, runVerify } from "./run-sync.js";
import { type Fleet, type FleetState, TenantFleets, transaction } from "./tenant-fleet.js";

/** One migration for every tenant, then nothing to do, then a verification, at each number of tenants. */
export async function* benchmarkSync(options: SuiteOptions): AsyncIterable<ResultTable> {
  for await (const { fleets, fleet } of fleetsOf("0004_link_jobs_to_batches", options)) {
    const pending = Object.keys(migrations).slice(-1);
    await sendAll({
      url: fleet.url,
      concurrency: 1,
      messages: [() => transaction("template_tenant", pending, migrations)],
    });
    yield* benchmarkApply({ ...options, fleets, fleet, pending });
    // Whom no turn came to.
    await runSync(fleet.url);
    yield* benchmarkReading(fleet, options.rounds);
  }
}

/** All migrations for tenants as the legacy system left them. */
export async function* benchmarkAdopt(options: SuiteOptions): AsyncIterable<ResultTable> {
  const pending = Object.keys(migrations);
  for await (const { fleets, fleet } of fleetsOf("legacy", options)) {
    const shared = Object.keys(sharedMigrations);
    await sendAll({
      url: fleet.url,
      concurrency: 1,
      messages: [
        () => transaction("public", shared, sharedMigrations),
        () => transaction("template_tenant", pending, migrations),
      ],
    });
    yield* benchmarkApply({ ...options, fleets, fleet, pending });
  }
}

interface OwnFleet {
  readonly fleets: TenantFleets;
  readonly fleet: Fleet;
}

async function* fleetsOf(state: FleetState, { url, tenants }: SuiteOptions): AsyncIterable<OwnFleet> {
  const fleets = new TenantFleets(url);
  try {
    for (const count of tenants) {
      const fleet = await fleets.create(state, count);
      yield { fleets, fleet };
      await fleets.drop(fleet);
    }
  } finally {
    await fleets.end();
  }
}

/** A run that finds nothing to do, and a verification, beside the bare reading that each cannot do without. */
async function* benchmarkReading(fleet: Fleet, rounds: number): AsyncIterable<ResultTable> {
  const setting = `${fleet.schemas.length} tenants`;
  const unit = { count: fleet.schemas.length, name: "tenant" };
  yield {
    name: "sync, nothing pending",
    setting,
    unit,
    comparisons: await interleave(
      [
        { name: "raw pg, every ledger read, a hundred in a query", run: () => readLedgers(fleet) },
        { name: "syncTenantSchemas", run: () => runSync(fleet.url) },
      ],
      rounds,
    ),
  };
  yield {
    name: "verify",
    setting,
    unit,
    comparisons: await interleave(
      [
        { name: "raw pg, the same queries", run: () => readStructures(fleet) },
        { name: "verifyTenantSchemas", run: () => runVerify(fleet.url) },
      ],
      rounds,
    ),
  };
  const costs = [];
  for (const operation of tenancyOperations.filter(({ place }) => place === "current fleet")) {
    costs.push(await measureOperation(operation, fleet.url, unit.count));
  }
  yield { name: "What a tenant costs that needs nothing", setting, costs };
}
