import { setTimeout as wait } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { plainSqlMigration, quoteIdentifier } from "../../../migrations/index.js";
import { syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createSchemas, fleet, hostKysely, ledgerOf } from "./fleet.js";

/** Two steps, the second of which runs until it is cancelled. */
const endless = {
  "0001_notes": plainSqlMigration({ up: (schema) => `create table ${quoteIdentifier(schema)}.notes (id integer);` }),
  "0002_endless": plainSqlMigration({ up: () => "select pg_sleep(3600);" }),
};

async function untilAsleep(db: Kysely<any>): Promise<number> {
  for (;;) {
    const { rows } = await sql<{ pid: number }>`
      select pid from pg_stat_activity
      where datname = current_database() and state = 'active' and wait_event = 'PgSleep'`.execute(db);
    if (rows[0] !== undefined) return rows[0].pid;
    await wait(10);
  }
}

/** Cancels the migration that runs in this database, as an operator does. */
async function cancelWhatRuns(db: Kysely<any>): Promise<void> {
  await sql`select pg_cancel_backend(${await untilAsleep(db)})`.execute(db);
}

describe("a statement that somebody cancels", () => {
  test("fails its tenant without a word about timeouts, and no other", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    const only = {
      "0001_endless": plainSqlMigration({ up: (schema) => (schema === "user_1" ? "select pg_sleep(3600);" : "") }),
    };
    const [report] = await Promise.all([
      syncTenantSchemas(db, { ...fleet(only), concurrency: 1, throwOnFailure: false }),
      cancelWhatRuns(db),
    ]);
    expect(report.tenants).toMatchObject([
      { schema: "user_1", outcome: "failed", attempts: 1, error: { code: "STATEMENT_CANCELLED", sqlState: "57014" } },
      { schema: "user_2", outcome: "migrated" },
    ]);
    expect(JSON.stringify(report)).not.toMatch(/timeout/i);
  });

  test("after the run was aborted leaves its tenant skipped, as it was before that migration", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    const controller = new AbortController();
    const run = syncTenantSchemas(db, {
      ...fleet(endless),
      tenants: ["user_1", "user_2"],
      // A second worker would be the rehearsal's, which is cancelled as well.
      concurrency: 1,
      signal: controller.signal,
      throwOnFailure: false,
    });
    await untilAsleep(db);
    controller.abort();
    await cancelWhatRuns(db);
    const report = await run;
    expect(report).toMatchObject({ status: "aborted", summary: { failed: 0, skipped: 2 } });
    expect(report.tenants).toMatchObject([
      {
        outcome: "skipped",
        applied: ["0001_notes"],
        warnings: ["Cancelled in 0002_endless: the run was aborted."],
      },
      { outcome: "skipped", applied: [], warnings: ["Not started: the run was aborted."] },
    ]);
    expect(report.tenants[0]).not.toHaveProperty("error");
    expect(await ledgerOf(db, "user_1")).toEqual(["0001_notes"]);
  });
});

describe("a statement that runs too long", () => {
  test("after the run was aborted is a failure all the same", async ({ db }) => {
    await createSchemas(db, ["user_1"]);
    const controller = new AbortController();
    const run = syncTenantSchemas(db, {
      ...fleet(endless),
      statementTimeoutMs: 300,
      signal: controller.signal,
      throwOnFailure: false,
    });
    await untilAsleep(db);
    controller.abort();
    expect((await run).tenants).toMatchObject([{ outcome: "failed", error: { code: "STATEMENT_TIMEOUT" } }]);
  });

  test("and one that runs into the role's transaction timeout says so, once, and the others go on", async ({
    db,
    database,
    skip,
  }) => {
    const { rows } = await sql`select 1 from pg_settings where name = 'transaction_timeout'`.execute(db);
    skip(rows.length === 0, "PostgreSQL has transaction_timeout since version 17");
    await createSchemas(db, ["user_1", "user_2"]);
    const limited = hostKysely({ connectionString: database.url, options: "-c transaction_timeout=200" });
    const slow = {
      "0001_slow": plainSqlMigration({ up: (schema) => (schema === "user_1" ? "select pg_sleep(3600);" : "") }),
    };
    try {
      const report = await syncTenantSchemas(limited, { ...fleet(slow), concurrency: 1, throwOnFailure: false });
      expect(report.tenants).toMatchObject([
        {
          schema: "user_1",
          outcome: "failed",
          attempts: 1,
          error: { code: "STATEMENT_TIMEOUT", sqlState: "25P04", hint: "Raise the role's transaction_timeout." },
        },
        { schema: "user_2", outcome: "migrated" },
      ]);
    } finally {
      await limited.destroy();
    }
  });
});
