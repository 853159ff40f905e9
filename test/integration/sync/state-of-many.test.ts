import { sql } from "kysely";
import { describe, expect } from "vitest";
import { plainSqlMigration, quoteLiteral } from "../../../migrations/index.js";
import { createTenantSchema, getTenantSchemaStatus, type SyncEvent, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createSchemas, fleet, hostKysely, ledgerOf, notesMigrations } from "./fleet.js";

describe("the state of many tenants", () => {
  test("costs a no-op run the same few statements for one tenant and for a hundred, and opens no transaction", async ({
    db,
    statements,
  }) => {
    await createSchemas(db, ["template_tenant", "user_1"]);
    await syncTenantSchemas(db, { migrations: notesMigrations });
    const forOne = await statements.during(async () => await syncTenantSchemas(db, { migrations: notesMigrations }));
    await createSchemas(
      db,
      Array.from({ length: 97 }, (_, index) => `user_${index + 2}`),
    );
    await syncTenantSchemas(db, { migrations: notesMigrations });
    const forMany = await statements.during(async () => await syncTenantSchemas(db, { migrations: notesMigrations }));
    expect(forMany.result.summary["up-to-date"]).toBe(100);
    expect([forOne.statements, forMany.statements]).toEqual([3, 3]);
    expect(forMany.texts.some((text) => /\bbegin\b/.test(text))).toBe(false);
  });

  test("is read a hundred ledgers at a time", async ({ db, statements }) => {
    const names = Array.from({ length: 201 }, (_, index) => `user_${index}`);
    await createSchemas(db, names);
    await syncTenantSchemas(db, { ...fleet(notesMigrations), concurrency: 8 });
    const { texts, result } = await statements.during(
      async () => await getTenantSchemaStatus(db, { migrations: notesMigrations, sharedSchema: false }),
    );
    expect(texts.filter((text) => text.includes("union all") || text.includes("json_agg"))).toHaveLength(3);
    expect(result.every(({ applied }) => applied.length === 2)).toBe(true);
  });

  test("one ledger that cannot be read keeps none of the others from being read", async ({ db }) => {
    const names = Array.from({ length: 10 }, (_, index) => `user_${index}`);
    await createSchemas(db, names);
    await syncTenantSchemas(db, fleet(notesMigrations));
    await sql`alter table user_4.marketplace_jobs_migration rename column name to title`.execute(db);
    const status = await getTenantSchemaStatus(db, { migrations: notesMigrations, sharedSchema: false });
    expect(status.filter(({ error }) => error !== undefined)).toMatchObject([
      { schema: "user_4", error: { sqlState: "42703" } },
    ]);
    expect(status.filter(({ applied }) => applied.length === 2)).toHaveLength(9);
  });

  test("a tenant costs one round trip a migration when there is something to do", async ({ db, statements }) => {
    await createSchemas(db, ["user_1", "user_2", "user_3"]);
    const first = { ...fleet(notesMigrations), concurrency: 1 };
    const { texts } = await statements.during(async () => await syncTenantSchemas(db, first));
    // The catalog at the start and at the end, and two migrations for each tenant.
    expect(texts).toHaveLength(2 + 3 * 2);
  });
});

describe("a dry run", () => {
  test("reports what would be done and writes nothing, by a role that may only read", async ({
    db,
    database,
    statements,
  }) => {
    await createSchemas(db, ["template_tenant", "user_1", "user_2"]);
    await createTenantSchema(db, "user_3");
    const readOnly = hostKysely({ connectionString: database.url, options: "-c default_transaction_read_only=on" });
    try {
      const report = await syncTenantSchemas(readOnly, { dryRun: true });
      expect(report).toMatchObject({ status: "ok", dryRun: true });
      expect(
        report.tenants.map(({ schema, outcome, applied, attempts }) => [schema, outcome, applied.length, attempts]),
      ).toEqual([
        ["public", "migrated", 1, 0],
        ["template_tenant", "migrated", 5, 0],
        ["user_1", "migrated", 5, 0],
        ["user_2", "migrated", 5, 0],
        ["user_3", "up-to-date", 0, 0],
      ]);
    } finally {
      await readOnly.destroy();
    }
    await syncTenantSchemas(db, { dryRun: true });
    expect(await ledgerOf(db, "user_1")).toEqual([]);
    expect(statements.texts.some((text) => /\block\b/.test(text))).toBe(false);
  });
});

describe("several databases", () => {
  test("are one run and one report, each tenant under the name of its database", async ({ db, databases }) => {
    const second = await databases.create();
    const other = hostKysely({ connectionString: second.url });
    try {
      await createSchemas(db, ["user_1", "user_2"]);
      await createSchemas(other, ["user_1"]);
      const events: SyncEvent[] = [];
      const report = await syncTenantSchemas(
        [
          { name: "berlin", db },
          { name: "paris", db: other },
        ],
        { migrations: notesMigrations, onEvent: (event) => void events.push(event) },
      );
      expect(report.tenants.map(({ database, schema, outcome }) => [database, schema, outcome])).toEqual([
        ["berlin", "public", "migrated"],
        ["paris", "public", "migrated"],
        ["berlin", "user_1", "migrated"],
        ["berlin", "user_2", "migrated"],
        ["paris", "user_1", "migrated"],
      ]);
      expect(await ledgerOf(other, "user_1")).toEqual(["0001_notes", "0002_tags"]);
      expect(events[0]).toEqual({ type: "run-started", databases: ["berlin", "paris"], dryRun: false });
      const listed = await syncTenantSchemas(
        [
          { name: "berlin", db },
          { name: "paris", db: other },
        ],
        {
          ...fleet(notesMigrations),
          tenants: ["user_2"],
        },
      );
      expect(
        listed.tenants.map(({ database }) => database),
        "a listed name needs to exist in one of them",
      ).toEqual(["berlin"]);
    } finally {
      await other.destroy();
      await databases.drop(second);
    }
  });
});

describe("two and four runs at once", () => {
  for (const runs of [2, 4]) {
    test(`${runs} of them apply each migration of each tenant once`, async ({ db }) => {
      const names = Array.from({ length: 12 }, (_, index) => `user_${index}`);
      await createSchemas(db, names);
      await sql`create table public.marks (schema text, migration text)`.execute(db);
      const marking = Object.fromEntries(
        ["0001_a", "0002_b", "0003_c"].map((name) => [
          name,
          plainSqlMigration({
            up: (schema) => `insert into public.marks values (${quoteLiteral(schema)}, '${name}');`,
          }),
        ]),
      );
      const reports = await Promise.all(
        Array.from(
          { length: runs },
          async () => await syncTenantSchemas(db, { ...fleet(marking), lockTimeoutMs: 5_000 }),
        ),
      );
      const { rows } = await sql<{ count: number; distinct: number }>`
        select count(*)::int as count, count(distinct (schema, migration))::int as distinct from public.marks`.execute(
        db,
      );
      expect(rows).toEqual([{ count: 36, distinct: 36 }]);
      const applied = reports.flatMap(({ tenants }) =>
        tenants.flatMap(({ schema, applied: done }) => done.map((name) => `${schema} ${name}`)),
      );
      expect(applied.length, "each is claimed by one report").toBe(36);
      expect(reports.map(({ status }) => status)).toEqual(reports.map(() => "ok"));
    });
  }
});
