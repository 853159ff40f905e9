import { expect } from "vitest";
import { forTenant } from "../../../src/repositories/for-tenant.js";
import { createTenant, tenantTest } from "./tenant-fixture.js";

const publish = { marketplace: "vinted", actionCode: "publish", productIds: [17], batchId: "same-id" };

tenantTest(
  "two tenants in one transaction are kept apart, and neither outlives its rollback",
  async ({ db, schema, tenant }) => {
    const other = await createTenant(db, `${schema}_other "quoted"`);
    const rollback = new Error("rollback");
    await expect(
      db.transaction().execute(async (transaction) => {
        const [first, second] = [forTenant(transaction, schema), forTenant(transaction, `${schema}_other "quoted"`)];
        await first.batches.createBatch(publish);
        expect(await second.batches.getBatchByBatchId("same-id")).toBeUndefined();
        await second.batches.createBatch({ ...publish, productIds: [1, 2] });
        expect(await first.jobs.getJobsByBatchId("same-id")).toHaveLength(1);
        expect(await second.jobs.getJobsByBatchId("same-id")).toHaveLength(2);
        throw rollback;
      }),
    ).rejects.toBe(rollback);
    expect(await tenant.batches.listBatches()).toEqual([]);
    expect(await other.batches.listBatches()).toEqual([]);
  },
);

tenantTest("what cannot be a tenant is refused before any SQL", ({ db }) => {
  for (const name of ["", "public", "pg_catalog", "template_tenant", "x".repeat(64)]) {
    expect(() => forTenant(db, name)).toThrow(expect.objectContaining({ code: "INVALID_TENANT_SCHEMA" }) as Error);
  }
  expect(() => forTenant(db, "user_1", { shared: "public" } as never)).toThrow(
    expect.objectContaining({ code: "INVALID_OPTIONS" }) as Error,
  );
});
