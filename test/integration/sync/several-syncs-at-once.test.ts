import { describe, expect } from "vitest";
import { migrations } from "../../../migrations/index.js";
import { syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { batchesOfJobs, expectAllMigrated, loadLegacyFleet } from "./legacy-fleet.js";

describe.each([2, 4])("%i syncs at once", (runs) => {
  test("apply each migration of each tenant once, and all of them end well", async ({ db }) => {
    const schemas = await loadLegacyFleet(db, 10);
    const before = await batchesOfJobs(db, schemas);
    const reports = await Promise.all(Array.from({ length: runs }, () => syncTenantSchemas(db, { maxAttempts: 50 })));

    for (const schema of ["template_tenant", ...schemas]) {
      const applied = reports.flatMap(
        ({ tenants }) => tenants.find((tenant) => tenant.schema === schema)?.applied ?? [],
      );
      expect(applied.toSorted()).toEqual(Object.keys(migrations));
    }
    await expectAllMigrated(db, schemas);
    expect(await batchesOfJobs(db, schemas)).toEqual(before);
  });
});
