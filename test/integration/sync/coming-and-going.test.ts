import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { type Migration, migrations } from "../../../migrations/index.js";
import { schemaOf } from "../../../migrations/plain-sql-migration.js";
import { syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createSchemas, fleet, hostKysely, ledgerOf, notesMigrations } from "./fleet.js";

/** Two steps, between which something is done to the database when a certain schema gets there. */
function meanwhile(schema: string, act: () => Promise<unknown>): Readonly<Record<string, Migration>> {
  let isDone = false;
  return {
    ...notesMigrations,
    "0003_meanwhile": {
      up: async (tenant: Kysely<any>) => {
        if (schemaOf(tenant) !== schema || isDone) return;
        isDone = true;
        await act();
      },
    },
  };
}

describe("tenants that come and go", () => {
  test("one that is created while the run is at work is brought along", async ({ db }) => {
    await createSchemas(db, ["user_1"]);
    const report = await syncTenantSchemas(
      db,
      fleet(meanwhile("user_1", async () => await createSchemas(db, ["user_2"]))),
    );
    expect(report.tenants).toMatchObject([
      { schema: "user_1", outcome: "migrated" },
      { schema: "user_2", outcome: "migrated" },
    ]);
  });

  test("one that is dropped before its turn is gone, not failed", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    const set = meanwhile("user_1", async () => await sql`drop schema user_2 cascade`.execute(db));
    const report = await syncTenantSchemas(db, { ...fleet(set), concurrency: 1 });
    expect(report.status).toBe("ok");
    expect(report.tenants).toMatchObject([
      { schema: "user_1", outcome: "migrated" },
      { schema: "user_2", outcome: "gone", applied: [] },
    ]);
  });

  test("one whose ledger was there and is dropped before its turn is gone as well", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    await syncTenantSchemas(db, fleet(notesMigrations));
    const set = meanwhile("user_1", async () => await sql`drop schema user_2 cascade`.execute(db));
    const report = await syncTenantSchemas(db, { ...fleet(set), concurrency: 1 });
    expect(report.tenants).toMatchObject([{ outcome: "migrated" }, { schema: "user_2", outcome: "gone" }]);
  });

  test("one that is renamed is gone under its old name and migrated under the new one", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    await syncTenantSchemas(db, { ...fleet(notesMigrations), to: "0001_notes" });
    const set = meanwhile("user_1", async () => await sql`alter schema user_2 rename to user_200`.execute(db));
    const report = await syncTenantSchemas(db, { ...fleet(set), concurrency: 1 });
    expect(report.tenants).toMatchObject([
      { schema: "user_1", outcome: "migrated" },
      { schema: "user_2", outcome: "gone" },
      { schema: "user_200", outcome: "migrated", applied: ["0002_tags", "0003_meanwhile"] },
    ]);
  });

  test("one that knows more migrations than we do is ahead, and untouched", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    await syncTenantSchemas(db, { ...fleet(notesMigrations), tenants: ["user_1"], to: "0001_notes" });
    await sql`insert into user_1.marketplace_jobs_migration values ('0009_later', '2030-01-01T00:00:00.000Z')`.execute(
      db,
    );
    const report = await syncTenantSchemas(db, fleet(notesMigrations));
    expect(report.status).toBe("ok");
    expect(report.tenants).toMatchObject([
      { schema: "user_1", outcome: "ahead", applied: [], warnings: [expect.stringContaining("0009_later")] },
      { schema: "user_2", outcome: "migrated" },
    ]);
    expect(await ledgerOf(db, "user_1")).toEqual(["0001_notes", "0009_later"]);
  });

  test("one that lacks a migration between others gets it, and its record still rises", async ({ db }) => {
    await createSchemas(db, ["user_1"]);
    const own = { app_0001_notes: notesMigrations["0001_notes"] as Migration };
    await syncTenantSchemas(db, fleet(own));
    const report = await syncTenantSchemas(db, fleet({ ...migrations, ...own }));
    expect(report.tenants).toMatchObject([{ outcome: "migrated", applied: Object.keys(migrations) }]);
    expect(await ledgerOf(db, "user_1")).toEqual(["app_0001_notes", ...Object.keys(migrations)]);
  });

  test("the tenants above the target go down and those below it go up in the same run", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    await syncTenantSchemas(db, { ...fleet(notesMigrations), tenants: ["user_2"] });
    const report = await syncTenantSchemas(db, { ...fleet(notesMigrations), to: "0001_notes" });
    expect(report.tenants).toMatchObject([
      { schema: "user_1", outcome: "migrated", applied: ["0001_notes"] },
      { schema: "user_2", outcome: "rolled-back", applied: ["0002_tags"] },
    ]);
  });
});

describe("a tenant without privileges", () => {
  test("is a failure of its own, with SQLSTATE 42501, whatever it is that the role may not do", async ({
    db,
    database,
  }) => {
    const role = `${database.name}_role`;
    await createSchemas(db, ["user_1", "user_2", "user_3", "user_4"]);
    await syncTenantSchemas(db, { ...fleet(notesMigrations), tenants: ["user_3"], to: "0001_notes" });
    await sql`create role ${sql.id(role)}`.execute(db);
    await sql`grant usage on schema user_2, user_3 to ${sql.id(role)}`.execute(db);
    await sql`grant usage, create on schema user_4 to ${sql.id(role)}`.execute(db);
    const limited = hostKysely({ connectionString: database.url, options: `-c role=${role}` });
    try {
      const report = await syncTenantSchemas(limited, { ...fleet(notesMigrations), throwOnFailure: false });
      expect(report.tenants).toMatchObject([
        {
          schema: "user_1",
          outcome: "failed",
          error: { code: "PERMISSION_DENIED", sqlState: "42501", message: "permission denied for schema user_1" },
        },
        { schema: "user_2", outcome: "failed", error: { code: "PERMISSION_DENIED", sqlState: "42501" } },
        {
          schema: "user_3",
          outcome: "failed",
          error: {
            code: "PERMISSION_DENIED",
            sqlState: "42501",
            message: expect.stringContaining("marketplace_jobs_migration"),
          },
        },
        { schema: "user_4", outcome: "migrated" },
      ]);
    } finally {
      await limited.destroy();
      await sql`drop owned by ${sql.id(role)}`.execute(db);
      await sql`drop role ${sql.id(role)}`.execute(db);
    }
  });
});
