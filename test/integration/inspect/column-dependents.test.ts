import { sql } from "kysely";
import { describe, expect } from "vitest";
import { inspectColumnUse, syncTenantSchemas, type TenantSyncError } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { COLUMN_USES } from "../migrations/column-uses.js";
import { BATCH_ID, createLinkedTenants, runIn, told } from "./tenants-at-0004.js";

describe("what depends on the column", () => {
  test("is what 0005 refuses for, object by object, of every kind there is", async ({ db }) => {
    const tenants = COLUMN_USES.map((use, index) => ({ ...use, schema: `user_${index + 1}` }));
    await createLinkedTenants(db, [...tenants.map(({ schema }) => schema), "user_999"]);
    // Publications belong to the database.
    const own = (text: string, schema: string): string => text.replaceAll('"P"', `"P ${schema}"`);
    for (const { schema, statements } of tenants) {
      await runIn(
        db,
        schema,
        statements.map((statement) => own(statement, schema)),
      );
    }
    const report = await inspectColumnUse(db, BATCH_ID);
    expect(report).toMatchObject({ verdict: "in-use", summary: { "in-use": tenants.length, clear: 1 } });
    for (const { schema, title, effect, kind, name } of tenants) {
      expect(told(report, schema)?.uses, title).toContainEqual({
        effect,
        kind,
        name: own(name, schema).replaceAll(/\bS\./g, `${schema}.`),
      });
    }
    const refused = await syncTenantSchemas(db).catch((error: unknown) => error);
    const refusals = (refused as TenantSyncError).report.tenants.flatMap(({ schema, error }) =>
      error?.code === "COLUMN_IN_USE" ? [[schema, (error.details as { dependents: unknown }).dependents]] : [],
    );
    const found = report.tenants.map(({ schema, uses }) => [schema, uses]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(refusals));
    expect(refusals).toHaveLength(tenants.length);
  });

  test("is no index, key or check on this column alone, which is part of it", async ({ db }) => {
    await createLinkedTenants(db, ["user_1"]);
    await runIn(db, "user_1", [
      "create index by_lower on S.marketplace_jobs (lower(batch_id)) where batch_id is not null",
      "alter table S.marketplace_jobs add constraint named check (batch_id <> ' '), add constraint once unique (batch_id)",
      "comment on column S.marketplace_jobs.batch_id is 'deprecated'",
    ]);
    expect(await inspectColumnUse(db, BATCH_ID)).toMatchObject({ verdict: "clear", tenants: [], notInspected: [] });
  });

  test("makes one group of tenants in which it is the same", async ({ db }) => {
    const schemas = Array.from({ length: 9 }, (_, index) => `user_${index + 1}`);
    await createLinkedTenants(db, schemas);
    for (const schema of schemas.slice(0, 4)) {
      await runIn(db, schema, [
        "create view S.by_string as select batch_id from S.marketplace_jobs",
        "create index of_status on S.marketplace_jobs (status, batch_id)",
      ]);
    }
    const report = await inspectColumnUse(db, BATCH_ID);
    expect(report.groups).toMatchObject([
      { schemas: 5, state: "clear", example: { schema: "user_5" }, summary: "nothing in the schema uses it" },
      {
        schemas: 4,
        state: "in-use",
        example: { schema: "user_1" },
        summary: "blocked by view by_string; index of_status would vanish",
      },
    ]);
    expect(report.tenants.map(({ schema }) => schema)).toEqual(schemas.slice(0, 4));
  });

  test("is found for a column of a host's own, whatever its name", async ({ db }) => {
    await createLinkedTenants(db, ["user_1", `we"ird's`]);
    const [table, column] = [`my "table".*`, `a.b(c)\\d [x] 'y' "z"`];
    for (const schema of ["user_1", `we"ird's`]) {
      const name = sql.id(schema, table);
      await sql`create table ${name} (id integer, ${sql.id(column)} text)`.execute(db);
      await sql`create view ${sql.id(schema, "v;iew")} as select ${sql.id(column)} from ${name}`.execute(db);
      const body = `begin return (select ${quoted(column)} from ${quoted(table)}); end`;
      await sql`create function ${sql.id(schema, "f")}() returns text language plpgsql as ${sql.lit(body)}`.execute(db);
    }
    const tenants = ["user_1", `we"ird's`];
    const report = await inspectColumnUse(db, { table, column, tenants, statements: "running" });
    expect(report).toMatchObject({ verdict: "in-use", summary: { "in-use": 2 }, groups: [{ schemas: 2 }] });
    expect(told(report, `we"ird's`)?.uses).toEqual([
      { effect: "blocks", kind: "view", name: `"we""ird's"."v;iew"` },
      { effect: "names", kind: "function", name: `"we""ird's".f` },
    ]);
  });
});

describe("functions that name the column without PostgreSQL knowing of it", () => {
  const counting = (name: string, from: string): string =>
    `create function ${name}() returns bigint language plpgsql as 'begin return (select count(batch_id) from ${from}); end'`;

  test("make it maybe in use, in the tenant's schema and in others", async ({ db }) => {
    await createLinkedTenants(db, ["user_1", "user_2", "user_3"]);
    await runIn(db, "user_1", [counting('S."Report"', "marketplace_jobs")]);
    await sql`create schema reports`.execute(db);
    const elsewhere = [
      counting("reports.qualified", "user_2.marketplace_jobs"),
      counting("reports.of_search_path", "marketplace_jobs"),
      `create function reports.dynamic(tenant text) returns void language plpgsql as
        'begin execute format(''update %I.marketplace_jobs set batch_id = null'', tenant); end'`,
      `create function reports.of_batches() returns bigint language sql as
        'select count(batch.batch_id) from user_1.marketplace_jobs job join user_1.batch_jobs batch on batch.id = job.batch_job_id'`,
    ];
    for (const statement of elsewhere) await sql.raw(statement).execute(db);
    const report = await inspectColumnUse(db, { ...BATCH_ID, tenants: ["user_1", "user_2"] });
    expect(report).toMatchObject({ verdict: "maybe-in-use", summary: { clear: 1, "maybe-in-use": 1 } });
    expect(told(report, "user_1")?.uses).toEqual([{ effect: "names", kind: "function", name: `user_1."Report"` }]);
    expect(report.functions).toEqual([
      { database: "default", name: "reports.dynamic", tenants: [] },
      { database: "default", name: "reports.of_search_path", tenants: [] },
      { database: "default", name: "reports.qualified", tenants: ["user_2"] },
    ]);
  });

  test("are no matter of another tenant's that was not asked for", async ({ db }) => {
    await createLinkedTenants(db, ["user_1", "user_2"]);
    await runIn(db, "user_2", [
      counting("S.report", "marketplace_jobs"),
      counting("S.other", "user_2.marketplace_jobs"),
    ]);
    expect(await inspectColumnUse(db, { ...BATCH_ID, tenants: ["user_1"] })).toMatchObject({
      verdict: "clear",
      functions: [],
    });
  });

  test("are listed once, by what a trigger does to every write", async ({ db }) => {
    await createLinkedTenants(db, ["user_1"]);
    await runIn(db, "user_1", [
      "create function S.keep() returns trigger language plpgsql as 'begin perform batch_id from marketplace_jobs; return new; end'",
      "create trigger kept before update on S.marketplace_jobs for each row execute function S.keep()",
    ]);
    expect(told(await inspectColumnUse(db, BATCH_ID), "user_1")?.uses).toEqual([
      { effect: "blocks", kind: "trigger function", name: "user_1.keep" },
    ]);
  });
});

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
