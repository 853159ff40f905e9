import { sql } from "kysely";
import { describe, expect } from "vitest";
import { plainSqlMigration, quoteIdentifier } from "../../../migrations/index.js";
import { syncReportSchema, syncTenantSchemas, TenantSyncError } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createSchemas, fleet, ledgerOf, notesMigrations } from "./fleet.js";

describe("syncTenantSchemas", () => {
  test("a second run over tenants that are up to date finds nothing to do", async ({ db }) => {
    await createSchemas(db, ["template_tenant", "user_1", "user_2"]);
    const first = await syncTenantSchemas(db, fleet(notesMigrations));
    expect(first.tenants.map(({ schema, outcome }) => [schema, outcome])).toEqual([
      ["template_tenant", "migrated"],
      ["user_1", "migrated"],
      ["user_2", "migrated"],
    ]);
    const second = await syncTenantSchemas(db, fleet(notesMigrations));
    expect(second.summary).toMatchObject({ "up-to-date": 3, migrated: 0, retries: 0 });
    expect(await ledgerOf(db, "user_2")).toEqual(Object.keys(notesMigrations));
  });

  test("a failing tenant does not stop the others, and stands where its last good migration left it", async ({
    db,
  }) => {
    await createSchemas(db, ["user_1", "user_2", "user_3"]);
    await sql`create table user_2.tags (id integer)`.execute(db);
    const failure = await syncTenantSchemas(db, fleet(notesMigrations)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TenantSyncError);
    const { report } = failure as TenantSyncError;
    expect(report.status).toBe("partial");
    expect(report.tenants.find(({ schema }) => schema === "user_2")).toMatchObject({
      outcome: "failed",
      applied: ["0001_notes"],
      error: { code: "MIGRATION_FAILED", sqlState: "42P07", migration: "0002_tags" },
    });
    expect(await ledgerOf(db, "user_2")).toEqual(["0001_notes"]);
    expect(await ledgerOf(db, "user_3")).toEqual(["0001_notes", "0002_tags"]);
    expect(syncReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  test("migrations that are functions and migrations that are text may be mixed", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    const migrations = {
      ...notesMigrations,
      "0003_authors": {
        up: async (tenant: typeof db) => {
          await tenant.schema.createTable("authors").addColumn("id", "integer").execute();
          await tenant.insertInto("authors").values({ id: 1 }).execute();
        },
        down: async (tenant: typeof db) => await tenant.schema.dropTable("authors").execute(),
      },
    };
    const up = await syncTenantSchemas(db, fleet(migrations));
    expect(up.summary.migrated).toBe(2);
    expect(await db.withSchema("user_2").selectFrom("authors").select("id").execute()).toEqual([{ id: 1 }]);
    const down = await syncTenantSchemas(db, { ...fleet(migrations), to: "0001_notes" });
    expect(down.tenants.map(({ outcome, applied }) => ({ outcome, applied }))).toEqual([
      { outcome: "rolled-back", applied: ["0003_authors", "0002_tags"] },
      { outcome: "rolled-back", applied: ["0003_authors", "0002_tags"] },
    ]);
    expect(await ledgerOf(db, "user_1")).toEqual(["0001_notes"]);
  });

  test("a migration that commits inside itself is detected and its tenant reported", async ({ db }) => {
    await createSchemas(db, ["user_1"]);
    const migrations = {
      "0001_commits": plainSqlMigration({
        up: (schema) => `create table ${quoteIdentifier(schema)}.a (id integer); commit; begin;`,
      }),
    };
    const report = await syncTenantSchemas(db, { ...fleet(migrations), throwOnFailure: false });
    expect(report.tenants[0]).toMatchObject({
      outcome: "failed",
      error: { code: "MIGRATION_ENDED_TRANSACTION", sqlState: "MJ007" },
    });
    expect(await ledgerOf(db, "user_1")).toEqual([]);
    // The connection went back to the pool without the transaction that the migration had opened.
    expect(
      (await sql<{ xid: string | null }>`select pg_current_xact_id_if_assigned()::text as xid`.execute(db)).rows,
    ).toEqual([{ xid: null }]);
  });
});
