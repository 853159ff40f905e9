import { sql } from "kysely";
import { describe, expect } from "vitest";
import { columnUseReportSchema, inspectColumnUse, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { hostKysely } from "../sync/fleet.js";
import { after } from "../verify/after-answer.js";
import { createTenants } from "../verify/migrated-tenants.js";
import { BATCH_ID, createLinkedTenants, runIn, told } from "./tenants-at-0004.js";

const VIEW = "create view S.by_string as select batch_id from S.marketplace_jobs";

describe("a schema is told apart from those with the column", () => {
  test("when the column is gone already, when it has no such table, and the template from the tenants", async ({
    db,
  }) => {
    await createLinkedTenants(db, ["user_1", "user_2", "user_3"]);
    await sql`create schema template_tenant`.execute(db);
    await sql`create schema user_4`.execute(db);
    await runIn(db, "user_1", [VIEW]);
    await syncTenantSchemas(db, { tenants: ["user_2", "user_3"] });
    const report = await inspectColumnUse(db, BATCH_ID);
    expect(report.summary).toMatchObject({ "in-use": 1, "no-column": 3, "no-table": 1 });
    expect(report.groups.map(({ role, state, schemas }) => [role, state, schemas])).toEqual([
      ["tenant", "no-column", 2],
      ["template", "no-column", 1],
      ["tenant", "in-use", 1],
      ["tenant", "no-table", 1],
    ]);
    expect(report.tenants.map(({ schema }) => schema)).toEqual(["user_1"]);
  });

  test("when the deprecated column is gone everywhere, which is clear", async ({ db }) => {
    await createTenants(db, ["user_1", "user_2"]);
    for (const [table, column] of [
      ["marketplace_jobs", "batch_id"],
      ["marketplace_job_stats", "avg_duration_ms"],
    ] as const) {
      expect(await inspectColumnUse(db, { table, column })).toMatchObject({
        verdict: "clear",
        summary: { "no-column": 2 },
        notInspected: [],
      });
    }
  });

  test.for([
    ["once the catalog has named it", /has_schema_privilege\(/],
    ["once what depends on it was read", /with wanted as/],
    ["once its privileges were looked up", /row_security_active/],
  ] as const)("when it vanishes %s", async ([_, pattern], { db }) => {
    await createLinkedTenants(db, ["user_1", "user_2", "user_3"]);
    await runIn(db, "user_3", [VIEW]);
    const racing = after(db, pattern, async () => {
      await sql`drop schema user_1 cascade`.execute(db);
    });
    const report = await inspectColumnUse(racing, BATCH_ID);
    expect(report.summary).toMatchObject({ gone: 1, clear: 1, "in-use": 1, "not-inspected": 0 });
    expect(told(report, "user_1")).toMatchObject({ state: "gone", uses: [] });
  });

  test("when 0005 drops the column while its rows are counted", async ({ db }) => {
    await createLinkedTenants(db, ["user_1", "user_2"]);
    const racing = after(db, /row_security_active/, async () => {
      await syncTenantSchemas(db, { tenants: ["user_1"] });
    });
    expect((await inspectColumnUse(racing, BATCH_ID)).summary).toMatchObject({ "no-column": 1, clear: 1, gone: 0 });
  });
});

describe("what may not be looked at is not inspected, never clear", () => {
  test("the catalog", async ({ db, database }) => {
    const role = `${database.name}_role`;
    await createLinkedTenants(db, ["user_1"]);
    await sql`create role ${sql.id(role)}`.execute(db);
    await sql`revoke select on pg_catalog.pg_depend from public`.execute(db);
    const limited = hostKysely({ connectionString: database.url, options: `-c role=${role}` });
    try {
      const report = await inspectColumnUse(limited, { table: "marketplace_jobs", column: "batch_id" });
      expect(report).toMatchObject({ verdict: "not-fully-inspected", summary: { "not-inspected": 1, clear: 0 } });
      expect(report.notInspected.map(({ part }) => part)).toEqual(["catalog", "rows", "running", "recorded"]);
      expect(report.notInspected[0]).toMatchObject({
        schemas: 1,
        reason: expect.stringContaining("pg_depend"),
        hint: expect.stringContaining("pg_catalog"),
      });
    } finally {
      await limited.destroy();
      await sql`grant select on pg_catalog.pg_depend to public`.execute(db);
      await sql`drop role ${sql.id(role)}`.execute(db);
    }
  });

  test("rows without a privilege, or behind a policy; in as many statements as for one tenant", async ({
    db,
    database,
    statements,
  }) => {
    const role = `${database.name}_role`;
    const schemas = ["user_1", "user_2", "user_3", "user_4", "user_5"];
    await createLinkedTenants(db, schemas);
    await sql`create role ${sql.id(role)}`.execute(db);
    await sql`grant usage on schema user_2, user_3, user_4 to ${sql.id(role)}`.execute(db);
    await sql`grant select on user_3.marketplace_jobs, user_3.batch_jobs, user_4.marketplace_jobs, user_4.batch_jobs
      to ${sql.id(role)}`.execute(db);
    await sql`alter table user_4.marketplace_jobs enable row level security`.execute(db);
    try {
      const { result: report, statements: sent } = await statements.during(() =>
        db.connection().execute(async (connection) => {
          await sql`set role ${sql.id(role)}`.execute(connection);
          const found = await inspectColumnUse(connection, BATCH_ID);
          await sql`reset role`.execute(connection);
          return found;
        }),
      );
      expect(report).toMatchObject({ verdict: "not-fully-inspected", summary: { clear: 1, "not-inspected": 4 } });
      expect(Object.fromEntries(report.tenants.map(({ schema, notInspected }) => [schema, notInspected]))).toEqual({
        user_1: "permission denied for the schema",
        user_2: "permission denied for marketplace_jobs or batch_jobs",
        user_4: "a row security policy hides rows of marketplace_jobs or batch_jobs",
        user_5: "permission denied for the schema",
      });
      expect(report.notInspected.map(({ part, schemas: count }) => [part, count])).toEqual([
        ["rows", 2],
        ["rows", 1],
        ["rows", 1],
      ]);
      const one = await statements.during(() => inspectColumnUse(db, { ...BATCH_ID, tenants: ["user_3"] }));
      // Besides, the role was set and reset.
      expect(sent).toBe(one.statements + 2);
    } finally {
      await sql`drop owned by ${sql.id(role)}`.execute(db);
      await sql`drop role ${sql.id(role)}`.execute(db);
    }
  });
});

test("several databases are one report, and tenants alike in both are one group", async ({ db, databases }) => {
  const other = await databases.create();
  const east = hostKysely({ connectionString: other.url });
  try {
    await createLinkedTenants(db, ["user_1", "user_2"]);
    await createTenants(east, ["user_1", "user_3"]);
    await syncTenantSchemas(east, { tenants: ["user_3"], to: "0004_link_jobs_to_batches" });
    await runIn(db, "user_2", [VIEW]);
    await runIn(east, "user_3", [VIEW]);
    const both = [
      { name: "west", db },
      { name: "east", db: east },
    ];
    const report = await inspectColumnUse(both, BATCH_ID);
    expect(report.groups.map(({ state, schemas, example }) => [state, schemas, example.database])).toEqual([
      ["in-use", 2, "west"],
      ["clear", 1, "west"],
      ["no-column", 1, "east"],
    ]);
    expect(report.tenants.map(({ database, schema }) => [database, schema])).toEqual([
      ["west", "user_2"],
      ["east", "user_3"],
    ]);
    await sql`drop view user_2.by_string`.execute(db);
    await sql`drop view user_3.by_string`.execute(east);
    expect((await inspectColumnUse(both, { ...BATCH_ID, statements: "all" })).notInspected).toMatchObject([
      { database: "west", part: "recorded" },
      { database: "east", part: "recorded" },
    ]);
  } finally {
    await east.destroy();
    await databases.drop(other);
  }
});

describe("bad input is refused", () => {
  test("before any SQL", async ({ db, statements }) => {
    const { statements: sent } = await statements.during(async () => {
      for (const bad of [
        undefined,
        {},
        { table: "marketplace_jobs" },
        { ...BATCH_ID, tabel: "x" },
        { ...BATCH_ID, column: "" },
        { ...BATCH_ID, column: "x".repeat(64) },
        { ...BATCH_ID, table: "a\u0000b" },
        { ...BATCH_ID, table: "\ud800" },
        { ...BATCH_ID, statements: "some" },
        { ...BATCH_ID, sharedSchema: "public" },
        { ...BATCH_ID, signal: "now" },
      ]) {
        await expect(inspectColumnUse(db, bad as never), JSON.stringify(bad)).rejects.toMatchObject({
          code: "INVALID_OPTIONS",
        });
      }
      await expect(inspectColumnUse({} as never, BATCH_ID)).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
      await expect(inspectColumnUse(db, { ...BATCH_ID, tenants: ["pg_toast"] })).rejects.toMatchObject({
        code: "INVALID_TENANT_SCHEMA",
      });
    });
    expect(sent).toBe(0);
  });

  test("by name: tenants, a template, a table and a column that do not exist", async ({ db }) => {
    await createLinkedTenants(db, ["user_1", "user_2"]);
    await expect(inspectColumnUse(db, { ...BATCH_ID, tenants: ["user_1", "User_1"] })).rejects.toMatchObject({
      code: "UNKNOWN_TENANT_SCHEMA",
      details: { schemas: ["User_1"] },
    });
    await expect(inspectColumnUse(db, { ...BATCH_ID, template: "modell" })).rejects.toMatchObject({
      code: "UNKNOWN_TENANT_SCHEMA",
    });
    await expect(inspectColumnUse(db, { table: "marketplace_job", column: "batch_id" })).rejects.toMatchObject({
      code: "UNKNOWN_COLUMN",
      message: 'No schema has a table "marketplace_job".',
      details: { nearest: "marketplace_job_stats" },
    });
    await expect(inspectColumnUse(db, { table: "marketplace_jobs", column: "Batch_id" })).rejects.toMatchObject({
      code: "UNKNOWN_COLUMN",
      message: 'No schema has a column "Batch_id" in its table "marketplace_jobs".',
      hint: expect.stringContaining('"batch_id"'),
    });
  });

  test("where there is no tenant at all, which proves nothing", async ({ db }) => {
    await expect(inspectColumnUse(db, BATCH_ID)).rejects.toMatchObject({ code: "UNKNOWN_COLUMN" });
  });
});

test("forty tenants cost as many statements as one, and nothing is written", async ({ db, statements }) => {
  await createLinkedTenants(db, ["user_1"]);
  const options = { table: "marketplace_jobs", column: "batch_id" };
  const one = await statements.during(() => inspectColumnUse(db, options));
  const more = Array.from({ length: 39 }, (_, index) => `user_${index + 2}`);
  await createLinkedTenants(db, more);
  await runIn(db, "user_7", [VIEW]);
  const many = await statements.during(() => inspectColumnUse(db, options));
  expect(many.result.summary).toMatchObject({ clear: 39, "in-use": 1 });
  expect(many.statements).toBe(one.statements);
  expect(many.texts.filter((text) => !/^\s*(select|with|begin$|set local lock_timeout|commit$)/i.test(text))).toEqual(
    [],
  );
});

test("a report is plain data that its schema accepts after a journey as JSON", async ({ db }) => {
  await createLinkedTenants(db, ["user_1", "user_2"]);
  await runIn(db, "user_2", [VIEW]);
  const report = await inspectColumnUse(db, { table: "marketplace_jobs", column: "batch_id" });
  expect(columnUseReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
});

test("an aborted inspection stops and throws", async ({ db }) => {
  await createLinkedTenants(db, ["user_1"]);
  await expect(inspectColumnUse(db, { ...BATCH_ID, signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: "AbortError",
  });
});
