import type { Cost, CostTable } from "../cost-table.js";
import { createJobTenant } from "../job-tenant.js";
import { checkpoint, createDatabase } from "../own-database.js";
import type { SuiteOptions } from "../suites.js";
import { type FleetState, TenantFleets } from "../sync/tenant-fleet.js";
import { measureOperation } from "./measured-operation.js";
import type { Operation, OperationPlace } from "./operation.js";
import { batchOf, repositoryOperations } from "./repository-operations.js";
import { tenancyOperations } from "./tenancy-operations.js";

const FLEET_STATES: Readonly<Record<Exclude<OperationPlace, "tenant">, FleetState>> = {
  "legacy fleet": "legacy",
  "fleet one migration behind": "0004_link_jobs_to_batches",
  "current fleet": "0005_drop_marketplace_jobs_batch_id",
};

/** What an operation costs beside time: each in a process of its own, in a fresh copy of the same database. */
export async function* benchmarkCost({ url, quick }: SuiteOptions): AsyncIterable<CostTable> {
  const original = await createJobTenant(url, 1);
  const fleets = new TenantFleets(url);
  try {
    const jobs = await fill(original.repositories, quick);
    await original.pool.query("vacuum analyze");
    await original.disconnect();
    const measureAll = async (operations: readonly Operation[]): Promise<Cost[]> => {
      const costs: Cost[] = [];
      for (const operation of operations) {
        const count = quick ? operation.quickCount : operation.count;
        const database =
          operation.place === "tenant"
            ? await createDatabase(url, original.name)
            : await fleetDatabase(fleets, FLEET_STATES[operation.place], count);
        await checkpoint(url);
        costs.push(await measureOperation(operation, database.url, count));
        await database.drop();
      }
      return costs;
    };
    yield {
      name: "What a call costs",
      setting: `${jobs.toLocaleString("en-US")} jobs in the tenant before`,
      costs: await measureAll(repositoryOperations),
    };
    yield {
      name: "What a tenant costs",
      setting: "default options",
      costs: await measureAll(tenancyOperations),
    };
  } finally {
    await original.drop();
    await fleets.end();
  }
}

async function fill(
  { batches }: Awaited<ReturnType<typeof createJobTenant>>["repositories"],
  quick: boolean,
): Promise<number> {
  const others = quick ? 2 : 10;
  await batches.createBatch(batchOf(200, "of_200"));
  await batches.createBatch(batchOf(10_000, "of_10000"));
  for (let index = 0; index < others; index += 1) await batches.createBatch(batchOf(1_000, `other_${index}`));
  return 10_200 + others * 1_000;
}

async function fleetDatabase(
  fleets: TenantFleets,
  state: FleetState,
  tenants: number,
): Promise<{ url: string; drop: () => Promise<void> }> {
  const fleet = await fleets.copy(state, tenants);
  return { url: fleet.url, drop: () => fleets.drop(fleet) };
}
