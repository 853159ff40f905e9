import { type Kysely, sql } from "kysely";
import pg from "pg";
import { describe, expect } from "vitest";
import { plainSqlMigration } from "../../../migrations/index.js";
import {
  getTenantSchemaStatus,
  planTenantSchemas,
  type SyncEvent,
  syncTenantSchemas,
  type TenantSyncReport,
} from "../../../src/index.js";
import { databaseTest as base } from "../../database/fixtures.js";
import { createSchemas, fleet, ledgerOf, notesMigrations } from "./fleet.js";

/** A session of somebody else, who says what it does and then does nothing. */
const test = base.extend("holder", async ({ database }, { onCleanup }) => {
  const client = new pg.Client({ connectionString: database.url, application_name: "offboarding" });
  client.on("error", () => {});
  await client.connect();
  onCleanup(() => client.end());
  return client;
});

const names = Array.from({ length: 12 }, (_, index) => `user_${index + 1}`);
const both = fleet(notesMigrations);

async function migrated(db: Kysely<any>): Promise<void> {
  await createSchemas(db, names);
  await syncTenantSchemas(db, both);
}

function of(report: { readonly tenants: readonly TenantSyncReport[] }, schema: string): TenantSyncReport | undefined {
  return report.tenants.find((tenant) => tenant.schema === schema);
}

describe("a tenant whose ledger somebody keeps locked", () => {
  test("is tried again like any busy one, and fails with the session in its way named, while the others go on", async ({
    db,
    holder,
  }) => {
    await createSchemas(db, names);
    await syncTenantSchemas(db, { ...both, to: "0001_notes" });
    await holder.query("begin; drop schema user_5 cascade");
    const events: SyncEvent[] = [];
    const report = await syncTenantSchemas(db, {
      ...both,
      maxAttempts: 2,
      throwOnFailure: false,
      onEvent: (event) => events.push(event),
    });
    expect(report.summary).toMatchObject({ migrated: 11, failed: 1, retries: 1 });
    expect(of(report, "user_5")).toMatchObject({
      outcome: "failed",
      attempts: 2,
      applied: [],
      error: { code: "LOCK_TIMEOUT", sqlState: "55P03" },
      blockedBy: [{ applicationName: "offboarding", state: "idle in transaction" }],
    });
    const done = events.flatMap((event) => (event.type === "tenant-finished" ? [event.schema] : []));
    expect(done.at(-1), "nobody waits behind it").toBe("user_5");
    await holder.query("rollback");
    expect(of(await syncTenantSchemas(db, both), "user_5")).toMatchObject({ applied: ["0002_tags"] });
  });

  test("comes through when it is let go, and nothing is done twice to it", async ({ db, holder }) => {
    await migrated(db);
    await holder.query("begin; lock table user_7.marketplace_jobs_migration in access exclusive mode");
    const report = await syncTenantSchemas(db, {
      ...both,
      maxAttempts: 20,
      onEvent: (event) => {
        if (event.type === "tenant-postponed") void holder.query("rollback");
      },
    });
    expect(report.summary).toMatchObject({ "up-to-date": 12 });
    expect(of(report, "user_7")?.attempts).toBeGreaterThan(1);
  });

  test("is gone when its schema is in the end", async ({ db, holder }) => {
    await migrated(db);
    await holder.query("begin; drop schema user_5 cascade");
    const report = await syncTenantSchemas(db, {
      ...both,
      maxAttempts: 20,
      onEvent: (event) => {
        if (event.type === "tenant-postponed") void holder.query("commit");
      },
    });
    expect(report.summary).toMatchObject({ "up-to-date": 11, gone: 1 });
    expect(of(report, "user_5")).toMatchObject({ outcome: "gone" });
  });

  test("is gone when its schema goes while the first look waits for it", async ({ db, holder, pool }) => {
    await migrated(db);
    await holder.query("begin; drop schema user_5 cascade");
    const look = getTenantSchemaStatus(db, { migrations: notesMigrations, sharedSchema: false });
    const run = syncTenantSchemas(db, both);
    await waiting(pool, 2);
    await holder.query("commit");
    expect(of(await run, "user_5")?.outcome).toBe("gone");
    expect((await look).filter(({ schema, error }) => schema === "user_5" || error !== undefined)).toEqual([]);
  });

  test("is unreadable for a status, has a problem in a plan and fails in a dry run", async ({ db, holder }) => {
    await migrated(db);
    await holder.query("begin; drop schema user_5 cascade; reindex table user_9.marketplace_jobs_migration");
    const status = await getTenantSchemaStatus(db, { migrations: notesMigrations, sharedSchema: false });
    expect(status).toHaveLength(12);
    expect(status.filter(({ error }) => error !== undefined)).toMatchObject([
      { schema: "user_5", error: { code: "LOCK_TIMEOUT", sqlState: "55P03" } },
      { schema: "user_9", error: { code: "LOCK_TIMEOUT", sqlState: "55P03" } },
    ]);
    const plan = await planTenantSchemas(db, both);
    expect(plan.map(({ schemas, problem }) => [schemas.length, problem])).toEqual([
      [10, undefined],
      [2, "canceling statement due to lock timeout"],
    ]);
    const report = await syncTenantSchemas(db, { ...both, dryRun: true, throwOnFailure: false });
    expect(report.tenants.filter(({ outcome }) => outcome === "failed").map(({ schema }) => schema)).toEqual([
      "user_5",
      "user_9",
    ]);
  });

  test("costs one wait for its chunk and one of its own, however many are read with it", async ({
    db,
    holder,
    statements,
  }) => {
    await migrated(db);
    await holder.query("begin; drop schema user_5 cascade");
    const { texts } = await statements.during(
      async () => await getTenantSchemaStatus(db, { migrations: notesMigrations, sharedSchema: false }),
    );
    const reads = texts.filter((text) => text.includes("query_to_xml"));
    expect(reads, "all, then all but the locked one, and it alone").toHaveLength(3);
    expect(texts, "with the catalog, and who is locked").toHaveLength(3 + 2);
  });

  test("is not taken back by a migration without a down, which nobody could look for", async ({ db, holder }) => {
    const oneWay = { ...notesMigrations, "0003_one_way": plainSqlMigration({ up: () => "select 1;" }) };
    await createSchemas(db, ["user_1", "user_2"]);
    await syncTenantSchemas(db, { ...fleet(oneWay), tenants: ["user_1"] });
    await syncTenantSchemas(db, { ...both, tenants: ["user_2"] });
    await holder.query("begin; lock table user_1.marketplace_jobs_migration in access exclusive mode");
    const report = await syncTenantSchemas(db, {
      ...fleet(oneWay),
      to: "0001_notes",
      maxAttempts: 20,
      throwOnFailure: false,
      onEvent: (event) => {
        if (event.type === "tenant-postponed") void holder.query("rollback");
      },
    });
    expect(of(report, "user_1")).toMatchObject({ outcome: "failed", error: { code: "MIGRATION_NOT_REVERSIBLE" } });
    expect(await ledgerOf(db, "user_1")).toEqual(["0001_notes", "0002_tags", "0003_one_way"]);
    expect(of(report, "user_2")).toMatchObject({ outcome: "rolled-back" });
  });
});

describe("reading ledgers", () => {
  test("gives names as they are recorded, and works where PostgreSQL has no XML", async ({ db }) => {
    const hostile = ["0001_<names>&amp;", `0002_]]>"'\\`, "0003_]", "0004_ü💥\n"];
    await createSchemas(db, ["user_1", "user_2"]);
    await syncTenantSchemas(db, both);
    for (const name of hostile) {
      await sql`insert into user_1.marketplace_jobs_migration values (${name}, '2026')`.execute(db);
    }
    const unknown = async (): Promise<readonly string[][]> =>
      (await getTenantSchemaStatus(db, { migrations: notesMigrations, sharedSchema: false })).map((status) => [
        ...status.unknown,
      ]);
    expect(await unknown()).toEqual([hostile, []]);
    await sql`create or replace function pg_catalog.query_to_xml(
      query text, nulls boolean, tableforest boolean, targetns text) returns xml language plpgsql strict as
      'begin raise ''unsupported XML feature'' using errcode = ''0A000''; end'`.execute(db);
    expect(await unknown()).toEqual([hostile, []]);
  });
});

/** Until so many sessions wait for a lock: each of several looks has then begun. */
async function waiting(pool: pg.Pool, sessions = 1): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if ((rowCount ?? 0) >= sessions) return;
  }
}
