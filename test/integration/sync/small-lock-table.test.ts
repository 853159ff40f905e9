import { Kysely, PostgresDialect } from "kysely";
import { describe, expect, test as base } from "vitest";
import { createTenantSchema, type SyncEvent, syncTenantSchemas, verifyTenantSchemas } from "../../../src/index.js";
import { StatementCounter } from "../../database/statement-counter.js";
import { TestDatabases } from "../../database/test-database.js";
import { startOwnServer } from "../../database/test-server.js";
import { hostPool } from "./fleet.js";
import { batchesOfJobs, expectAllMigrated, loadLegacyFleet } from "./legacy-fleet.js";

const LEGACY_TENANTS = 10;
const NEW_TENANTS = 200;

const test = base
  .extend("databases", { scope: "file" }, async ({}, { onCleanup }): Promise<TestDatabases> => {
    const server = await startOwnServer(["max_locks_per_transaction=10", "max_connections=20"]);
    const databases = new TestDatabases({ url: server.url, databasePrefix: "small_" });
    onCleanup(async () => {
      await databases.end();
      await server.stop();
    });
    return databases;
  })
  .extend("statements", () => new StatementCounter())
  .extend("db", async ({ databases, statements }, { onCleanup }): Promise<Kysely<any>> => {
    const pool = hostPool({ connectionString: (await databases.create()).url, max: 6 });
    pool.on("connect", (client) => statements.watch(client));
    const db = new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
    onCleanup(async () => await db.destroy());
    return db;
  });

describe("a server with room for 200 locks", () => {
  test("has its legacy tenants migrated one at a time, and the event says why", async ({ db }) => {
    const schemas = await loadLegacyFleet(db, LEGACY_TENANTS);
    const before = await batchesOfJobs(db, schemas);
    const events: SyncEvent[] = [];
    const report = await syncTenantSchemas(db, { onEvent: (event) => void events.push(event) });

    expect(report.summary).toMatchObject({ failed: 0, retries: 0, migrated: 2 + LEGACY_TENANTS });
    expect(events.filter(({ type }) => type === "workers-chosen")).toEqual([
      {
        type: "workers-chosen",
        database: "default",
        workers: 1,
        requested: 4,
        reason:
          "the lock table has room for 200 locks, a tenant needs up to 100, and three quarters are left to others (max_locks_per_transaction)",
      },
    ]);
    await expectAllMigrated(db, schemas);
    expect(await batchesOfJobs(db, schemas)).toEqual(before);
  });

  test("is asked for six ledgers with a query, so that four queries at once hold a quarter of the locks", async ({
    db,
    statements,
  }) => {
    await syncTenantSchemas(db);
    for (let tenant = 1; tenant <= NEW_TENANTS; tenant += 1) await createTenantSchema(db, `user_${tenant}`);
    const { result, texts } = await statements.during(async () => await syncTenantSchemas(db));
    expect(result.summary).toMatchObject({ "up-to-date": NEW_TENANTS + 1, failed: 0 });
    const ledgerQueries = texts.filter((text) => text.includes("json_agg(name)"));
    // One more for the shared schema's ledger; one that had found the table full would have been sent again in halves.
    expect(ledgerQueries).toHaveLength(Math.ceil((NEW_TENANTS + 1) / 6));
    const verified = await verifyTenantSchemas(db);
    expect(verified.summary).toMatchObject({ drifted: 0, gone: 0, unreadable: 0, pending: 0 });
    expect(verified.tenants).toHaveLength(NEW_TENANTS + 1);
  });
});
