import { sql } from "kysely";
import { describe, expect } from "vitest";
import { verifyReportSchema, verifyTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { hostKysely } from "../sync/fleet.js";
import { after } from "./after-answer.js";
import { about, createTenants } from "./migrated-tenants.js";

describe("a tenant that vanishes while it is read is gone, and nobody else is affected", () => {
  test.for([
    ["once the catalog has named it", /has_schema_privilege/],
    ["once its ledger was read", /json_agg\(name\)/],
    ["once it was told apart from the others", /as likeness\\n/],
  ] as const)("%s", async ([_, pattern], { db }) => {
    await createTenants(db, ["user_1", "user_2", "user_3"]);
    await sql`drop index user_2.marketplace_jobs_claim_idx`.execute(db);
    await sql`drop index user_3.marketplace_jobs_claim_idx`.execute(db);
    const racing = after(db, pattern, async () => {
      await sql`drop schema user_1 cascade`.execute(db);
      await sql`drop schema user_3 cascade`.execute(db);
    });
    const report = await verifyTenantSchemas(racing, { sharedSchema: false });
    for (const schema of ["user_1", "user_3"]) {
      expect(about(report, schema)).toMatchObject({ state: "gone", drift: [], group: null, fingerprint: null });
    }
    expect(about(report, "user_2")).toMatchObject({
      state: "drifted",
      drift: [{ name: "marketplace_jobs_claim_idx" }],
    });
    expect(report.summary).toMatchObject({ gone: 2, drifted: 1, canonical: 0 });
  });
});

test("a tenant that changes between two looks is not taken for an example of what it was", async ({ db }) => {
  await createTenants(db, ["user_1", "user_2"]);
  const racing = after(db, /as likeness\\n/, async () => {
    await sql`drop index user_2.marketplace_jobs_claim_idx`.execute(db);
  });
  const report = await verifyTenantSchemas(racing, { sharedSchema: false });
  expect(about(report, "user_1")).toMatchObject({ state: "canonical" });
  expect(about(report, "user_2")).toMatchObject({ state: "drifted" });
});

describe("what may not be read is unreadable, never canonical", () => {
  test("a schema without USAGE, a ledger without SELECT, a catalog that was closed", async ({ db, database }) => {
    const role = `${database.name}_role`;
    await createTenants(db, ["user_1", "user_2", "user_3"]);
    await sql`create role ${sql.id(role)}`.execute(db);
    await sql`grant usage on schema user_2, user_3 to ${sql.id(role)}`.execute(db);
    await sql`grant select on user_3.marketplace_jobs_migration to ${sql.id(role)}`.execute(db);
    const limited = hostKysely({ connectionString: database.url, options: `-c role=${role}` });
    try {
      const report = await verifyTenantSchemas(limited, { sharedSchema: false });
      expect(report).toMatchObject({ status: "drift", summary: { unreadable: 2, canonical: 1 } });
      for (const schema of ["user_1", "user_2"]) {
        expect(about(report, schema)).toMatchObject({
          state: "unreadable",
          error: { code: "PERMISSION_DENIED", sqlState: "42501" },
          fingerprint: null,
        });
      }
      // Everybody may read the catalog, unless a host has thought otherwise.
      await sql`revoke select on pg_catalog.pg_constraint from public`.execute(db);
      const blind = await verifyTenantSchemas(limited, { sharedSchema: false });
      expect(blind).toMatchObject({ status: "drift", summary: { unreadable: 3, canonical: 0 } });
      expect(about(blind, "user_3").error).toMatchObject({
        message: expect.stringContaining("pg_constraint"),
        hint: expect.stringContaining("pg_catalog"),
      });
    } finally {
      await limited.destroy();
      await sql`grant select on pg_catalog.pg_constraint to public`.execute(db);
      await sql`drop owned by ${sql.id(role)}`.execute(db);
      await sql`drop role ${sql.id(role)}`.execute(db);
    }
  });

  test("action types that may not be read are not said to be well filed", async ({ db, database }) => {
    const role = `${database.name}_role`;
    await createTenants(db, ["user_1"]);
    await sql`create role ${sql.id(role)}`.execute(db);
    await sql`grant select on public.marketplace_jobs_migration to ${sql.id(role)}`.execute(db);
    await sql`grant usage on schema public, user_1 to ${sql.id(role)}`.execute(db);
    await sql`grant select on user_1.marketplace_jobs_migration to ${sql.id(role)}`.execute(db);
    const limited = hostKysely({ connectionString: database.url, options: `-c role=${role}` });
    try {
      expect(about(await verifyTenantSchemas(limited), "public").notices).toEqual([
        "the rows of marketplace_action_types were not inspected: they cannot be read",
      ]);
    } finally {
      await limited.destroy();
      await sql`drop owned by ${sql.id(role)}`.execute(db);
      await sql`drop role ${sql.id(role)}`.execute(db);
    }
  });
});

test("a tenant that somebody keeps locked holds up nobody, and is not said to be canonical", async ({ db }) => {
  await createTenants(db, ["user_1", "user_2", "user_3"]);
  const holder = await db.startTransaction().execute();
  await sql`lock table user_2.marketplace_jobs in access exclusive mode`.execute(holder);
  const report = await verifyTenantSchemas(db);
  await holder.rollback().execute();
  expect(report).toMatchObject({ status: "drift", summary: { canonical: 3, unreadable: 1 } });
  expect(about(report, "user_2")).toMatchObject({ state: "unreadable", error: { code: "LOCK_TIMEOUT" } });
  expect(await verifyTenantSchemas(db)).toMatchObject({ status: "ok" });
});

test("several databases are one report, and tenants alike in both are one group", async ({
  db,
  databases,
  database,
}) => {
  const other = await databases.create();
  const east = hostKysely({ connectionString: other.url });
  try {
    await createTenants(db, ["user_1", "user_2"]);
    await createTenants(east, ["user_1", "user_3"]);
    await sql`drop index user_3.marketplace_job_stats_date_idx`.execute(east);
    const report = await verifyTenantSchemas([
      { name: "west", db },
      { name: "east", db: east },
    ]);
    expect(database.name).not.toBe(other.name);
    expect(report.tenants.map(({ database: name, schema, state }) => [name, schema, state])).toEqual([
      ["west", "public", "canonical"],
      ["west", "user_1", "canonical"],
      ["west", "user_2", "canonical"],
      ["east", "public", "canonical"],
      ["east", "user_1", "canonical"],
      ["east", "user_3", "drifted"],
    ]);
    expect(report.groups.map(({ role, tenants, state }) => [role, tenants, state])).toEqual([
      ["tenant", 3, "canonical"],
      ["shared", 2, "canonical"],
      ["tenant", 1, "drifted"],
    ]);
  } finally {
    await east.destroy();
    await databases.drop(other);
  }
});

describe("bad input is refused", () => {
  test("before any SQL: unknown options, impossible names", async ({ db, statements }) => {
    const { statements: sent } = await statements.during(async () => {
      await expect(verifyTenantSchemas(db, { tenats: [] } as never)).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
      await expect(verifyTenantSchemas(db, { tenants: ["pg_toast"] })).rejects.toMatchObject({
        code: "INVALID_TENANT_SCHEMA",
      });
    });
    expect(sent).toBe(0);
  });

  test("tenants that do not exist, by name", async ({ db }) => {
    await createTenants(db, ["user_1"]);
    await expect(verifyTenantSchemas(db, { tenants: ["user_1", "user_7", "User_1"] })).rejects.toMatchObject({
      code: "UNKNOWN_TENANT_SCHEMA",
      details: { schemas: ["user_7", "User_1"] },
    });
  });
});

test("sixty tenants cost as many statements as one, and nothing is locked or written", async ({ db, statements }) => {
  await createTenants(db, ["user_1"]);
  const one = await statements.during(() => verifyTenantSchemas(db));
  await createTenants(
    db,
    Array.from({ length: 60 }, (_, index) => `user_${index + 2}`),
  );
  const many = await statements.during(() => verifyTenantSchemas(db));
  expect(many.statements).toBe(one.statements);
  expect(many.result.summary.canonical).toBe(62);
  expect(many.texts.filter((text) => !/^\s*(select|with)\b/i.test(text))).toEqual([]);
});

test("a report is plain data that its schema accepts after a journey as JSON", async ({ db }) => {
  await createTenants(db, ["user_1", "user_2"]);
  await sql`drop table user_2.marketplace_job_stats`.execute(db);
  const report = await verifyTenantSchemas(db);
  expect(verifyReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
});

test("an aborted verification stops and throws", async ({ db }) => {
  await createTenants(db, ["user_1"]);
  await expect(verifyTenantSchemas(db, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
});
