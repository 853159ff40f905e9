import { sql } from "kysely";
import pg from "pg";
import { describe, expect } from "vitest";
import { inspectColumnUse, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest } from "../../database/fixtures.js";
import { hostKysely } from "../sync/fleet.js";
import { createLinkedTenants, LINKED, runIn } from "./tenants-at-0004.js";

const RUNNING = { table: "marketplace_jobs", column: "batch_id", statements: "running" } as const;

const SECRET = "publish_20260115_101530_secret00";

/** `session` opens a session of its own, as another program has it. */
const test = databaseTest.extend("session", ({ database }, { onCleanup }) => {
  const open: pg.Client[] = [];
  onCleanup(async () => {
    for (const client of open) await client.end();
  });
  return async (applicationName: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: database.url, application_name: applicationName });
    open.push(client);
    await client.connect();
    return client;
  };
});

describe("a session whose statement names the column", () => {
  test("is told by its application, user, state and age, and never by the statement", async ({ db, session }) => {
    await createLinkedTenants(db, ["user_1", "user_2"]);
    const old = await session("old-code");
    await old.query("begin");
    await old.query(`select id from user_2.marketplace_jobs where batch_id = '${SECRET}'`);
    const report = await inspectColumnUse(db, RUNNING);
    expect(report).toMatchObject({ verdict: "in-use", summary: { clear: 2 }, notInspected: [] });
    expect(report.statements.running).toEqual([
      {
        database: "default",
        pid: expect.any(Number),
        applicationName: "old-code",
        user: expect.any(String),
        state: "idle in transaction",
        ageMs: expect.any(Number),
        tenants: ["user_2"],
      },
    ]);
    expect(JSON.stringify(report)).not.toMatch(/secret|select/);
  });

  test("counts when it is idle, and when it leaves the schema to the search path", async ({ db, session }) => {
    await createLinkedTenants(db, ["user_1"]);
    const old = await session("old-code");
    await old.query("set search_path to user_1");
    await old.query("update marketplace_jobs set batch_id = null where id = 1");
    const { statements } = await inspectColumnUse(db, RUNNING);
    expect(statements.running).toMatchObject([{ applicationName: "old-code", state: "idle", tenants: [] }]);
  });

  test("does not count when it is about a tenant that was not asked for, or about batches", async ({ db, session }) => {
    await createLinkedTenants(db, ["user_1", "user_2"]);
    const other = await session("other-tenant");
    await other.query("select batch_id from user_2.marketplace_jobs");
    const batches = await session("new-code");
    await batches.query(
      "select job.id from user_1.marketplace_jobs job join user_1.batch_jobs batch on batch.id = job.batch_job_id where batch.batch_id = ''",
    );
    const report = await inspectColumnUse(db, { ...RUNNING, tenants: ["user_1"] });
    expect(report).toMatchObject({ verdict: "clear", statements: { running: [] } });
  });

  test("does not count when it is a sync or an inspection of ours, before and after", async ({ db, database }) => {
    await createLinkedTenants(db, ["user_1", "user_2", "user_3"]);
    // The sessions of this pool stay, with what they executed last.
    const host = hostKysely({ connectionString: database.url, max: 4 });
    try {
      await syncTenantSchemas(host);
      await syncTenantSchemas(host, { to: LINKED });
      const inspections = await Promise.all([1, 2, 3].map(async () => await inspectColumnUse(host, RUNNING)));
      for (const { verdict } of [...inspections, await inspectColumnUse(db, RUNNING)]) expect(verdict).toBe("clear");
    } finally {
      await host.destroy();
    }
  });
});

test("sessions that are not shown to the role are not inspected", async ({ db, database, session }) => {
  const role = `${database.name}_role`;
  await createLinkedTenants(db, ["user_1"]);
  await sql`create role ${sql.id(role)} login password 'role'`.execute(db);
  await runIn(db, "user_1", [
    `grant usage on schema user_1 to "${role}"`,
    `grant select on S.marketplace_jobs, S.batch_jobs to "${role}"`,
  ]);
  const url = new URL(database.url);
  url.username = role;
  url.password = "role";
  const limited = hostKysely({ connectionString: url.href });
  const shown = await session("old-code");
  await shown.query("select batch_id from user_1.marketplace_jobs");
  try {
    const report = await inspectColumnUse(limited, RUNNING);
    expect(report).toMatchObject({
      verdict: "not-fully-inspected",
      summary: { clear: 1 },
      statements: { running: [] },
    });
    expect(report.notInspected).toEqual([
      {
        database: "default",
        part: "running",
        reason: expect.stringMatching(/^the statements of \d+ sessions? are not shown to this role$/),
        hint: expect.stringContaining("pg_read_all_stats"),
      },
    ]);
    await sql`grant pg_read_all_stats to ${sql.id(role)}`.execute(db);
    expect(await inspectColumnUse(limited, RUNNING)).toMatchObject({ verdict: "in-use", notInspected: [] });
  } finally {
    await limited.destroy();
    await sql`drop owned by ${sql.id(role)}`.execute(db);
    await sql`drop role ${sql.id(role)}`.execute(db);
  }
});

test("a session that does not tell what it executes is not inspected", async ({ db, session }) => {
  await createLinkedTenants(db, ["user_1"]);
  const silent = await session("silent");
  await silent.query("set track_activities to off");
  const report = await inspectColumnUse(db, RUNNING);
  expect(report).toMatchObject({
    verdict: "not-fully-inspected",
    notInspected: [{ part: "running", reason: "what 1 session executed is not told: track_activities is off there" }],
  });
});
