import { Kysely, PostgresDialect, sql } from "kysely";
import { Kysely as Kysely28, PostgresDialect as PostgresDialect28 } from "kysely-0.28";
import { describe, expect } from "vitest";
import { type Migration, migrations } from "../../../migrations/index.js";
import { syncTenantSchemas, verifyTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { createSchemas, fleet, hostKysely, hostPool, ledgerOf, notesMigrations } from "./fleet.js";

/** A driver that speaks only the extended protocol, which takes one statement a message, as PGlite's query() does. */
function oneStatementKysely(url: string): Kysely<any> {
  const pool = hostPool({ connectionString: url });
  pool.on("connect", (client) => {
    const query = client.query.bind(client) as (config: object) => Promise<unknown>;
    client.query = (async (text: string, values: readonly unknown[]) =>
      await query({ text, values, queryMode: "extended" })) as typeof client.query;
  });
  return new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
}

const withFunction: Readonly<Record<string, Migration>> = {
  ...migrations,
  app_0001_notes: {
    up: async (tenant) => {
      await tenant.schema.createTable("notes").addColumn("id", "integer").execute();
      await tenant.insertInto("notes").values({ id: 1 }).execute();
    },
    down: async (tenant) => await tenant.schema.dropTable("notes").execute(),
  },
};

describe("a driver that cannot send several statements at once", () => {
  test("brings legacy tenants to the same structure and the same record", async ({ db, database }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    for (const [index, variant] of (["a", "b", "c", "d", "e"] as const).entries()) {
      await loadLegacyTenant(db, variant, `user_${index + 1}`, index + 1);
    }
    const limited = oneStatementKysely(database.url);
    try {
      const up = await syncTenantSchemas(limited, { migrations: withFunction });
      expect(up.summary).toMatchObject({ migrated: 7, failed: 0, retries: 0 });
      expect((await verifyTenantSchemas(db)).tenants.filter(({ state }) => state !== "canonical")).toEqual([]);
      expect(await ledgerOf(db, "user_5")).toEqual(Object.keys(withFunction));
      const down = await syncTenantSchemas(limited, { migrations: withFunction, to: "0004_link_jobs_to_batches" });
      expect(down.summary).toMatchObject({ "rolled-back": 6, failed: 0 });
    } finally {
      await limited.destroy();
    }
  });

  test("leaves nothing behind of a migration that fails half way", async ({ db, database }) => {
    await createSchemas(db, ["user_1"]);
    await sql`create table user_1.tags (id integer)`.execute(db);
    const limited = oneStatementKysely(database.url);
    try {
      const report = await syncTenantSchemas(limited, { ...fleet(notesMigrations), throwOnFailure: false });
      expect(report.tenants).toMatchObject([
        { outcome: "failed", applied: ["0001_notes"], error: { sqlState: "42P07" } },
      ]);
      expect(await ledgerOf(db, "user_1")).toEqual(["0001_notes"]);
    } finally {
      await limited.destroy();
    }
  });
});

describe("Kysely 0.28", () => {
  test("syncs like 0.29", async ({ db, database }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    const older = new Kysely28<any>({
      dialect: new PostgresDialect28({ pool: hostPool({ connectionString: database.url }) }),
    }) as unknown as Kysely<any>;
    try {
      const report = await syncTenantSchemas(older, { migrations: withFunction });
      expect(report.summary).toMatchObject({ migrated: 3, failed: 0 });
      expect(await ledgerOf(db, "user_2")).toEqual(Object.keys(withFunction));
    } finally {
      await older.destroy();
    }
  });
});

describe("settings of the session", () => {
  const settings = [
    "default_transaction_isolation=serializable",
    "default_transaction_read_only=on",
    "standard_conforming_strings=off",
    "search_path=nowhere",
    "DateStyle=German,DMY",
    "TimeZone=Pacific/Chatham",
    "check_function_bodies=off",
    "client_min_messages=error",
  ];
  for (const setting of settings) {
    test(`${setting} changes nothing`, async ({ db, database }) => {
      await createSchemas(db, ["user_1", "user_2"]);
      const odd = hostKysely({ connectionString: database.url, options: `-c ${setting}` });
      try {
        const [first, second] = await Promise.all([
          syncTenantSchemas(odd, { migrations: withFunction }),
          syncTenantSchemas(odd, { migrations: withFunction }),
        ]);
        expect([first.status, second.status]).toEqual(["ok", "ok"]);
        const times = await db
          .withSchema("user_1")
          .selectFrom("marketplace_jobs_migration")
          .select("timestamp")
          .orderBy("name")
          .execute();
        const texts = times.map(({ timestamp }) => timestamp as string);
        expect(texts).toHaveLength(Object.keys(withFunction).length);
        expect(texts.map((text) => new Date(text).toISOString())).toEqual(texts);
        expect(texts.toSorted()).toEqual(texts);
      } finally {
        await odd.destroy();
      }
    });
  }
});
