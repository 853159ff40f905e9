import { Kysely, sql } from "kysely";
import { PostgresJSDialect } from "kysely-postgres-js";
import postgres from "postgres";
import { beforeAll, describe, expect } from "vitest";
import { migrations } from "../../../migrations/index.js";
import type { JsonValue, SyncEvent } from "../../../src/index.js";
import { databaseTest } from "../../database/fixtures.js";
import { openPGlite } from "../../database/pglite-database.js";
import { loadFleet } from "../cli/legacy-fleet.js";
import { importInstalledPackage } from "../installed-package.js";
import { recordAnswers } from "./recorded-answers.js";

let installed: Awaited<ReturnType<typeof importInstalledPackage>>;
beforeAll(async () => {
  installed = await importInstalledPackage();
});

interface Connected {
  /** A Kysely as the host has it. */
  readonly host: Kysely<any>;
  /** One that sends the legacy system's scripts to the same database. */
  readonly loader: Kysely<any>;
}

const dialects = {
  "postgres.js (kysely-postgres-js)": databaseTest.extend("connected", ({ database, db }, { onCleanup }): Connected => {
    const host = new Kysely<any>({
      dialect: new PostgresJSDialect({ postgres: postgres(database.url, { max: 6, onnotice: () => {} }) }),
    });
    onCleanup(() => host.destroy());
    return { host, loader: db };
  }),
  "PGlite (Kysely's PGliteDialect)": databaseTest.extend(
    "connected",
    ({ database: _, db: __ }, { onCleanup }): Connected => {
      const { db: host, loader, destroy } = openPGlite();
      onCleanup(destroy);
      return { host, loader };
    },
  ),
};

describe.each(Object.entries(dialects))("over %s", (_, test) => {
  test("every method of the repositories answers as over node-postgres", async ({ db, connected: { host } }) => {
    const { actionTypes, createTenantSchema, forTenant, syncTenantSchemas } = installed;
    const answersOver = async (some: Kysely<any>, schema: string): ReturnType<typeof recordAnswers> => {
      await syncTenantSchemas(some);
      await createTenantSchema(some, schema);
      return await recordAnswers(actionTypes(some), forTenant(some, schema));
    };
    const expected = await answersOver(db, "user_1");
    expect(expected.length).toBeGreaterThan(30);
    expect(await answersOver(host, "user_2")).toEqual(expected);
  });

  test("values come back as they were given", async ({ connected: { host } }) => {
    const { createTenantSchema, forTenant, syncTenantSchemas } = installed;
    await syncTenantSchemas(host);
    await createTenantSchema(host, "user_1");
    const { jobs } = forTenant(host, "user_1");
    const values: readonly JsonValue[] = [
      { a: [1, "x", null] },
      [1, 2],
      "12",
      'say "hi"',
      12,
      true,
      { "ä\u2028": "{}" },
    ];
    for (const inputData of values) {
      const { job } = await jobs.createJob({
        marketplace: "vinted",
        actionCode: "publish",
        productId: Number.MAX_SAFE_INTEGER,
        inputData,
      });
      const stored = await jobs.getJob(job.id);
      expect(stored).toEqual(job);
      expect(stored).toMatchObject({ inputData, productId: Number.MAX_SAFE_INTEGER, createdAt: expect.any(Date) });
    }
  });

  test("what the server refuses becomes the same typed errors", async ({ connected: { host } }) => {
    const { createTenantSchema, forTenant, syncTenantSchemas } = installed;
    await syncTenantSchemas(host);
    await createTenantSchema(host, "user_1");
    await expect(createTenantSchema(host, "user_1")).rejects.toMatchObject({ code: "TENANT_SCHEMA_EXISTS" });
    const { jobs } = forTenant(host, "user_1");
    const vinted = { marketplace: "vinted", actionCode: "publish" };
    await expect(jobs.createJob({ ...vinted, actionCode: "publsh" })).rejects.toMatchObject({
      code: "UNKNOWN_ACTION_TYPE",
    });
    await expect(jobs.createJob({ ...vinted, batchId: "nowhere" })).rejects.toMatchObject({ code: "UNKNOWN_BATCH" });
    const { job } = await jobs.createJob(vinted);
    await expect(jobs.completeJob(job.id)).rejects.toMatchObject({ code: "ILLEGAL_JOB_TRANSITION" });
  });

  test("a transaction of the host takes the repositories along", async ({ connected: { host } }) => {
    const { createTenantSchema, forTenant, syncTenantSchemas } = installed;
    await syncTenantSchemas(host);
    await createTenantSchema(host, "user_1");
    const change = host.transaction().execute(async (transaction) => {
      const { batches } = forTenant(transaction, "user_1");
      await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds: [1], batchId: "undone" });
      throw new Error("undo it");
    });
    await expect(change).rejects.toThrow("undo it");
    expect(await forTenant(host, "user_1").batches.getBatchByBatchId("undone")).toBeUndefined();
  });

  test("legacy tenants of every shape are synced, verified, repaired and taken back", async ({
    connected: { host, loader },
  }) => {
    const { repairTenantSchemas, syncTenantSchemas, verifyTenantSchemas } = installed;
    await loadFleet(loader, ["a", "b", "c", "d", "e"]);
    expect((await syncTenantSchemas(host)).summary).toMatchObject({ migrated: 7, failed: 0, retries: 0 });
    expect((await verifyTenantSchemas(host)).summary).toMatchObject({ canonical: 7, drifted: 0, pending: 0 });

    await host.schema.withSchema("user_1").dropIndex("marketplace_jobs_claim_idx").execute();
    const { tenants } = await repairTenantSchemas(host);
    expect(tenants.filter(({ mends }) => mends.length > 0)).toMatchObject([{ schema: "user_1", outcome: "repaired" }]);

    const back = await syncTenantSchemas(host, { to: "0004_link_jobs_to_batches" });
    expect(back.summary).toMatchObject({ "rolled-back": 6, failed: 0 });
  });

  test("a migration that is a function runs in its tenant, and leaves nothing behind where it fails", async ({
    connected: { host },
  }) => {
    const { createTenantSchema, syncTenantSchemas } = installed;
    await createTenantSchema(host, "user_1");
    await createTenantSchema(host, "user_2");
    await host.schema.withSchema("user_2").createTable("tags").addColumn("id", "integer").execute();
    const { summary } = await syncTenantSchemas(host, {
      throwOnFailure: false,
      sharedSchema: false,
      migrations: {
        ...migrations,
        "0100_notes": {
          up: async (tenant) => {
            await tenant.schema.createTable("notes").addColumn("id", "integer").execute();
            await tenant.schema.createTable("tags").addColumn("id", "integer").execute();
          },
        },
      },
    });
    expect(summary).toMatchObject({ migrated: 1, failed: 1 });
    const { rows } = await sql<{ schema: string }>`
      select schemaname as schema from pg_catalog.pg_tables where tablename = 'notes'`.execute(host);
    expect(rows).toEqual([{ schema: "user_1" }]);
  });
});

dialects["PGlite (Kysely's PGliteDialect)"](
  "a dialect with one connection is worked with one tenant at a time",
  async ({ connected: { host } }) => {
    const { createTenantSchema, syncTenantSchemas } = installed;
    await host.schema.createSchema("user_1").execute();
    await host.schema.createSchema("user_2").execute();
    await createTenantSchema(host, "user_3");
    const events: SyncEvent[] = [];
    const report = await syncTenantSchemas(host, { concurrency: 8, onEvent: (event) => events.push(event) });
    expect(report.summary).toMatchObject({ migrated: 3, "up-to-date": 1 });
    expect(events.filter(({ type }) => type === "workers-chosen")).toMatchObject([
      { workers: 1, requested: 8, reason: "the dialect has one connection" },
    ]);
  },
);
