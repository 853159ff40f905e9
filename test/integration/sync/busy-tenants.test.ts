import { sql } from "kysely";
import { describe, expect } from "vitest";
import { plainSqlMigration, quoteIdentifier } from "../../../migrations/index.js";
import { type SyncEvent, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createSchemas, fleet, ledgerOf, notesMigrations } from "./fleet.js";

const widenNotes = {
  ...notesMigrations,
  "0003_widen": plainSqlMigration({
    up: (schema) => `alter table ${quoteIdentifier(schema)}.notes add column title text;`,
  }),
};

describe("a busy tenant", () => {
  test("is tried again while the others go on, and names the session in its way when it stays busy", async ({
    db,
    pool,
  }) => {
    await createSchemas(db, ["user_1", "user_2", "user_3"]);
    await syncTenantSchemas(db, fleet(notesMigrations));
    const holder = await pool.connect();
    await holder.query("set application_name = 'nightly export'; begin; select 'secret' from user_1.notes");
    const { pid } = (await holder.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0] ?? {};
    const events: SyncEvent[] = [];
    const report = await syncTenantSchemas(db, {
      ...fleet(widenNotes),
      lockTimeoutMs: 50,
      maxAttempts: 2,
      concurrency: 1,
      throwOnFailure: false,
      onEvent: (event) => events.push(event),
    });
    await holder.query("rollback");
    holder.release();
    expect(report.tenants).toMatchObject([
      {
        schema: "user_1",
        outcome: "failed",
        attempts: 2,
        error: { code: "LOCK_TIMEOUT", sqlState: "55P03", migration: "0003_widen" },
        blockedBy: [{ pid, applicationName: "nightly export", state: "idle in transaction" }],
      },
      { schema: "user_2", outcome: "migrated", attempts: 1 },
      { schema: "user_3", outcome: "migrated", attempts: 1 },
    ]);
    expect(report.summary.retries).toBe(1);
    expect(JSON.stringify(report)).not.toContain("secret");
    const order = events.flatMap((event) => (event.type === "tenant-finished" ? [event.schema] : []));
    expect(order, "the busy one had one worker wait for it and no tenant after it").toEqual([
      "user_2",
      "user_3",
      "user_1",
    ]);
    expect(events).toContainEqual(expect.objectContaining({ type: "tenant-postponed", schema: "user_1", attempt: 1 }));
  });

  test("comes through when its lock is let go in time", async ({ db, pool }) => {
    await createSchemas(db, ["user_1"]);
    await syncTenantSchemas(db, fleet(notesMigrations));
    const holder = await pool.connect();
    await holder.query("begin; select 1 from user_1.notes");
    const report = await syncTenantSchemas(db, {
      ...fleet(widenNotes),
      lockTimeoutMs: 50,
      maxAttempts: 20,
      onEvent: (event) => {
        if (event.type === "tenant-postponed" && event.attempt === 2) void holder.query("commit");
      },
    });
    holder.release();
    expect(report.tenants).toMatchObject([{ outcome: "migrated", applied: ["0003_widen"] }]);
    expect(report.tenants[0]?.attempts).toBeGreaterThan(2);
    expect(report.tenants[0]?.blockedBy, "who delayed it is told all the same").toHaveLength(1);
  });

  test("is one that another run works on: its lock is named like any other", async ({ db, pool }) => {
    await createSchemas(db, ["user_1"]);
    const other = await pool.connect();
    await other.query("begin; select pg_advisory_xact_lock(1835691874, hashtext('user_1'))");
    const report = await syncTenantSchemas(db, {
      ...fleet(notesMigrations),
      lockTimeoutMs: 50,
      maxAttempts: 1,
      throwOnFailure: false,
    });
    await other.query("rollback");
    other.release();
    expect(report.tenants).toMatchObject([
      { outcome: "failed", error: { code: "LOCK_TIMEOUT" }, blockedBy: [{ state: "idle in transaction" }] },
    ]);
  });

  test("is not waited for longer than the statement timeout allows its statements to run", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    const slow = {
      "0001_slow": plainSqlMigration({ up: (schema) => `select pg_sleep(${schema === "user_1" ? 5 : 0});` }),
    };
    const report = await syncTenantSchemas(db, { ...fleet(slow), statementTimeoutMs: 100, throwOnFailure: false });
    expect(report.tenants).toMatchObject([
      { schema: "user_1", outcome: "failed", attempts: 1, error: { code: "STATEMENT_TIMEOUT", sqlState: "57014" } },
      { schema: "user_2", outcome: "migrated" },
    ]);
    expect(await ledgerOf(db, "user_1")).toEqual([]);
  });

  test("a deadlock is tried again", async ({ db }) => {
    await createSchemas(db, ["user_1"]);
    await sql`create sequence attempts`.execute(db);
    const migrations = {
      "0001_deadlock": plainSqlMigration({
        // A sequence does not go back when its transaction does, so only the first attempt is the deadlock's victim.
        up: () =>
          `do 'begin if nextval(''attempts'') = 1 then raise sqlstate ''40P01'' using message = ''deadlock detected''; end if; end';`,
      }),
    };
    const report = await syncTenantSchemas(db, fleet(migrations));
    expect(report.tenants).toMatchObject([{ outcome: "migrated", attempts: 2 }]);
  });
});
