import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { describe, expect } from "vitest";
import { createTenantSchema, forTenant, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest } from "../../database/fixtures.js";
import { hasPgBouncer, startPgBouncer } from "../../database/pgbouncer.js";
import { batchesOfJobs, expectAllMigrated, loadLegacyFleet } from "../sync/legacy-fleet.js";

const CLIENTS = 12;

const test = databaseTest.extend("pooled", async ({ database }, { onCleanup }): Promise<Kysely<any>> => {
  const proxy = await startPgBouncer(database.url);
  const pool = new pg.Pool({ connectionString: proxy.url, max: CLIENTS });
  pool.on("error", () => {});
  const pooled = new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
  onCleanup(async () => {
    await pooled.destroy();
    await proxy.stop();
  });
  return pooled;
});

describe.skipIf(!hasPgBouncer())("behind PgBouncer in transaction mode", () => {
  test("legacy tenants are synced, and no session keeps a setting or a lock of the run", async ({ db, pooled }) => {
    const schemas = await loadLegacyFleet(db, 10);
    const before = await batchesOfJobs(db, schemas);
    const report = await syncTenantSchemas(pooled, { concurrency: 6 });

    expect(report.status).toBe("ok");
    await expectAllMigrated(db, schemas);
    expect(await batchesOfJobs(db, schemas)).toEqual(before);
    const { rows: locks } = await sql`select 1 from pg_locks where locktype = 'advisory'`.execute(db);
    expect(locks).toEqual([]);
    const settings = await Promise.all(
      Array.from({ length: CLIENTS }, () => sql<{ lock_timeout: string }>`show lock_timeout`.execute(pooled)),
    );
    expect(new Set(settings.map(({ rows }) => rows[0]?.lock_timeout))).toEqual(new Set(["0"]));
  });

  test("workers of several tenants share connections, and no statement reaches another tenant", async ({
    db,
    pooled,
  }) => {
    await syncTenantSchemas(db);
    const tenants = ["user_1", "user_2", 'user "3"; --'];
    for (const schema of tenants) await createTenantSchema(db, schema);
    const productIds = (index: number): number[] =>
      Array.from({ length: 40 }, (_, product) => index * 1_000 + product + 1);
    await Promise.all(
      tenants.map((schema, index) =>
        forTenant(pooled, schema).batches.createBatch({
          marketplace: "vinted",
          actionCode: "publish",
          productIds: productIds(index),
          batchId: "the_same_id_in_every_tenant",
        }),
      ),
    );
    await Promise.all(
      tenants.flatMap((schema, index) =>
        Array.from({ length: 4 }, async () => {
          const { jobs } = forTenant(pooled, schema);
          for (;;) {
            const claimed = await jobs.claimJobs({ marketplace: "vinted", limit: 3 });
            if (claimed.length === 0) return;
            for (const job of claimed) {
              expect(Math.floor((job.productId ?? -1) / 1_000)).toBe(index);
              await jobs.completeJob(job, { tenant: schema });
            }
          }
        }),
      ),
    );
    for (const [index, schema] of tenants.entries()) {
      const { jobs, batches } = forTenant(pooled, schema);
      const done = await jobs.getJobsByBatchId("the_same_id_in_every_tenant", { status: "completed" });
      expect(done.map(({ productId }) => productId)).toEqual(productIds(index));
      expect(done.every(({ resultData }) => (resultData as { tenant: string }).tenant === schema)).toBe(true);
      expect(await batches.auditBatches()).toEqual([]);
    }
  });
});
