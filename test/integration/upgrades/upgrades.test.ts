import type { Kysely } from "kysely";
import pg from "pg";
import { describe, expect } from "vitest";
import { forTenant, listTenantSchemas, type SyncReport, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import type { TestDatabase } from "../../database/test-database.js";
import { dumpSyncedDatabase } from "../../golden/synced-database-dump.js";
import { batchesOfJobs, expectAllMigrated } from "../sync/legacy-fleet.js";
import { keptDatabase, keptVersions, releasedVersions } from "./released-versions.js";

/** PostgreSQL as WebAssembly makes the dump, which takes its time on a busy machine. */
const PATIENCE = { timeout: 180_000 };

describe("a database that a released version has synced", PATIENCE, () => {
  const released = releasedVersions();

  test("is kept for every version of the changelog: npm run release:dump", ({ skip }) => {
    expect(keptVersions().toSorted()).toEqual(released.toSorted());
    skip(released.length === 0, "no version has been released yet");
  });

  test.for(released)("is brought to the newest structure, and works: %s", async (version, { database, db }) => {
    await upgrade(keptDatabase(version), { database, db });
  });
});

describe("a database that the version at hand has synced", PATIENCE, () => {
  test("is up to date after a dump and restore", async ({ database, db }) => {
    const { summary, tenants } = await upgrade(await dumpSyncedDatabase(), { database, db });
    expect(summary["up-to-date"]).toBe(tenants.length);
  });

  test("is brought to the newest structure from an earlier one, as after a new release", async ({ database, db }) => {
    const dump = await dumpSyncedDatabase({ to: "0004_link_jobs_to_batches" });
    const { summary } = await upgrade(dump, { database, db });
    expect(summary).toMatchObject({ migrated: 6, "up-to-date": 2 });
  });
});

interface UpgradeParams {
  readonly database: TestDatabase;
  readonly db: Kysely<any>;
}

/** Restores the dump and syncs it: every tenant has to be canonical then, with all of its jobs, and at work. */
async function upgrade(dump: string, { database, db }: UpgradeParams): Promise<SyncReport> {
  await restore(dump, database);
  const schemas = await listTenantSchemas(db);
  const before = await batchesOfJobs(db, schemas);
  expect(schemas.length).toBeGreaterThan(0);
  expect(before.length).toBeGreaterThan(schemas.length);

  const report = await syncTenantSchemas(db);
  await expectAllMigrated(db, schemas);
  expect(await batchesOfJobs(db, schemas)).toEqual(before);

  for (const schema of schemas) {
    const { batches, jobs } = forTenant(db, schema);
    const { batch } = await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds: [17] });
    expect(await jobs.getJobsByBatchId(batch.batchId)).toMatchObject([{ productId: 17, status: "pending" }]);
    expect(await batches.auditBatches()).toEqual([]);
  }
  return report;
}

/** On a connection of its own: a dump begins with settings of the session. */
async function restore(dump: string, database: TestDatabase): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(dump);
  } finally {
    await client.end();
  }
}
