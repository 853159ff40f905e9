import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test as plain } from "vitest";
import { actionTypes, forTenant, inspectColumnUse, syncTenantSchemas } from "../../../src/index.js";
import { startEmbeddedServer } from "../../database/embedded-server.js";
import { databaseTest } from "../../database/fixtures.js";
import type { TestServer } from "../../database/test-server.js";
import { callEveryMethod } from "../documentation/every-method.js";
import { createLinkedTenants, LINKED } from "./tenants-at-0004.js";

const ALL = { table: "marketplace_jobs", column: "batch_id" } as const;
const VERSION = process.env["TEST_POSTGRES_VERSION"] === "15" ? "15" : "18";
const TENANTS = ["user_1", "user_2", `we"ird's`];

describe("pg_stat_statements, on a server that has it", () => {
  // It can only be loaded when the server starts, so these tests have a server of their own.
  let server: TestServer;
  let pool: pg.Pool;
  let db: Kysely<any>;

  beforeAll(async () => {
    server = await startEmbeddedServer({
      version: VERSION,
      settings: ["shared_preload_libraries=pg_stat_statements"],
    });
    pool = new pg.Pool({ connectionString: server.url, max: 4 });
    db = new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
    await createLinkedTenants(db, TENANTS);
    await sql`create schema "Monitoring ""x"""`.execute(db);
    await sql`create extension pg_stat_statements schema "Monitoring ""x"""`.execute(db);
  });

  afterAll(async () => {
    await db.destroy();
    await server.stop();
  });

  beforeEach(async () => {
    await sql`select "Monitoring ""x""".pg_stat_statements_reset()`.execute(db);
    // What the sessions of the pool executed last, they did for another test.
    for (let session = 1; session <= 4; session += 1) await sql`select 1`.execute(db);
  });

  const inspect = async (): ReturnType<typeof inspectColumnUse> =>
    await inspectColumnUse(db, { ...ALL, tenants: TENANTS });

  plain("statements that differ in tenants and values are one entry, by ids, calls and users", async () => {
    for (const tenant of TENANTS) {
      for (const value of ["secret_1", "secret_2"]) {
        const table = sql.table(`${tenant}.marketplace_jobs`);
        await sql`select id from ${table} where batch_id = ${sql.lit(value)}`.execute(db);
      }
    }
    await sql`select count(batch_id) from user_1.marketplace_jobs`.execute(db);
    const report = await inspect();
    expect(report.verdict).toBe("in-use");
    const entry = { database: "default", users: ["postgres"], queryIds: expect.any(Array) };
    // Since 18, PostgreSQL itself makes one entry of them, under the text of one.
    expect(report.statements.recorded).toEqual(
      VERSION === "15"
        ? [
            { ...entry, entries: 3, calls: 6, tenants: expect.arrayContaining(TENANTS) },
            { ...entry, entries: 1, calls: 1, tenants: ["user_1"] },
          ]
        : [
            { ...entry, entries: 1, calls: 6, tenants: [] },
            { ...entry, entries: 1, calls: 1, tenants: [] },
          ],
    );
    for (const { queryIds, entries } of report.statements.recorded) {
      expect(queryIds).toHaveLength(entries);
      for (const id of queryIds) expect(id).toMatch(/^-?\d+$/);
    }
    expect(report.statements.records).toEqual([
      { database: "default", since: expect.stringMatching(/^\d{4}-.*Z$/), evictions: 0 },
    ]);
    expect(report.notInspected).toEqual([]);
    expect(JSON.stringify(report)).not.toMatch(/secret|select/i);
  });

  plain("no method of a repository, no sync and no inspection is taken for a use of the column", async () => {
    for (const tenant of ["user_1", "user_2"]) {
      await callEveryMethod({ ...forTenant(db, tenant), types: actionTypes(db) });
    }
    await syncTenantSchemas(db, { tenants: TENANTS });
    await syncTenantSchemas(db, { tenants: TENANTS, to: LINKED });
    await inspect();
    const { rows } = await sql<{ calls: number }>`
      select sum(calls)::integer as calls from "Monitoring ""x""".pg_stat_statements
      where query ~* 'marketplace_jobs' and query ~* 'batch_id'`.execute(db);
    expect(rows[0]?.calls).toBeGreaterThan(20);
    const { statements, functions, notInspected } = await inspect();
    expect({ ...statements, records: [], functions, notInspected }).toEqual({
      running: [],
      recorded: [],
      records: [],
      functions: [],
      notInspected: [],
    });
  });

  plain("statements of other roles that are not shown are not inspected", async () => {
    await sql`select batch_id from user_1.marketplace_jobs`.execute(db);
    await sql`create role clerk login password 'clerk'`.execute(db);
    const url = new URL(server.url);
    url.username = "clerk";
    url.password = "clerk";
    const clerk = new Kysely<any>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url.href }) }),
    });
    try {
      await sql`grant usage on schema user_1 to clerk`.execute(db);
      await sql`grant select on all tables in schema user_1 to clerk`.execute(db);
      const options = { ...ALL, tenants: ["user_1"], template: false } as const;
      const recorded = async (): Promise<unknown> => {
        const { verdict, statements, notInspected } = await inspectColumnUse(clerk, options);
        expect(verdict).toBe("not-fully-inspected");
        expect(statements.recorded).toEqual([]);
        return notInspected.filter(({ part }) => part === "recorded");
      };
      expect(await recorded()).toMatchObject([{ reason: 'permission denied for schema Monitoring "x"' }]);
      await sql`grant usage on schema "Monitoring ""x""" to clerk`.execute(db);
      expect(await recorded()).toMatchObject([
        { reason: expect.stringMatching(/^\d+ recorded statements are not shown to this role$/) },
      ]);
      await sql`grant pg_read_all_stats to clerk`.execute(db);
      const all = await inspectColumnUse(clerk, options);
      expect(all).toMatchObject({ verdict: "in-use", notInspected: [], statements: { recorded: [{ calls: 1 }] } });
    } finally {
      await clerk.destroy();
      await sql`drop owned by clerk`.execute(db);
      await sql`drop role clerk`.execute(db);
    }
  });
});

describe("pg_stat_statements, where it is not to be had", () => {
  databaseTest("is not inspected, with what to do", async ({ db }) => {
    await createLinkedTenants(db, ["user_1"]);
    const report = await inspectColumnUse(db, ALL);
    expect(report).toMatchObject({ verdict: "not-fully-inspected", summary: { clear: 1 } });
    expect(report.notInspected).toEqual([
      {
        database: "default",
        part: "recorded",
        reason: "the extension pg_stat_statements is not installed in this database",
        hint: expect.stringContaining("shared_preload_libraries"),
      },
    ]);
  });

  databaseTest("is not inspected either when its library is not loaded", async ({ db, skip }) => {
    await createLinkedTenants(db, ["user_1"]);
    const { rows } = await sql<{ isThere: boolean; isLoaded: boolean }>`
      select exists (select from pg_available_extensions where name = 'pg_stat_statements') as "isThere",
        current_setting('shared_preload_libraries') like '%pg_stat_statements%' as "isLoaded"`.execute(db);
    skip(rows[0]?.isThere !== true || rows[0].isLoaded, "the server named for the tests has it otherwise");
    await sql`create extension pg_stat_statements`.execute(db);
    const report = await inspectColumnUse(db, ALL);
    expect(report.notInspected).toMatchObject([
      { part: "recorded", reason: expect.stringContaining("shared_preload_libraries") },
    ]);
    expect(report.verdict).toBe("not-fully-inspected");
  });

  databaseTest("is left out on purpose without keeping the verdict from being clear", async ({ db }) => {
    await createLinkedTenants(db, ["user_1"]);
    expect(await inspectColumnUse(db, { ...ALL, statements: "running" })).toMatchObject({
      verdict: "clear",
      notInspected: [],
    });
  });
});
