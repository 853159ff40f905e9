import { Kysely, PostgresDialect, sql } from "kysely";
import { describe, expect } from "vitest";
import { migrations } from "../../../migrations/index.js";
import { type SyncEvent, type SyncOptions, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { startCuttingProxy } from "./cutting-proxy.js";
import { createSchemas, fleet, hostKysely, hostPool, ledgerOf, notesMigrations } from "./fleet.js";
import { expectAllMigrated, loadLegacyFleet } from "./legacy-fleet.js";

const ALL = Object.keys(migrations);

/** Who is no tenant has nothing to do, so that the tenants alone are counted. */
async function migrateTheRest(db: Kysely<any>): Promise<void> {
  await syncTenantSchemas(db, { tenants: [] });
}

/** How many messages hold a migration's transaction. */
function messagesOf(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => text.startsWith("begin"));
}

describe("migrations of ours that a tenant lacks", () => {
  test("cost it one round trip, the run three before, and its end one", async ({ db, statements }) => {
    await createSchemas(db, ["template_tenant", "user_1", "user_2", "user_3"]);
    await migrateTheRest(db);
    const { texts, roundTrips } = await statements.during(async () => await syncTenantSchemas(db));
    expect(messagesOf(texts)).toHaveLength(3);
    // The catalog with the limits of the server, two ledgers, and the catalog at the end.
    expect(texts).toHaveLength(3 + 3);
    expect(roundTrips, "no statement but these").toBeGreaterThanOrEqual(texts.length);
    await expectAllMigrated(db, ["user_1", "user_2", "user_3"]);
  });

  test("are told one by one, each with its own time, for one more query a tenant", async ({ db, statements }) => {
    await createSchemas(db, ["template_tenant", "user_1", "user_2", "user_3"]);
    await migrateTheRest(db);
    const events: SyncEvent[] = [];
    const { result, texts } = await statements.during(
      async () => await syncTenantSchemas(db, { onEvent: (event) => void events.push(event) }),
    );
    expect(texts).toHaveLength(3 + 2 * 3);
    const told = events.flatMap((event) =>
      event.type === "migration-done" && event.schema === "user_2" ? [event] : [],
    );
    expect(told.map(({ migration }) => migration)).toEqual(ALL);
    const took = told.reduce((sum, { durationMs }) => sum + durationMs, 0);
    const tenant = result.tenants.find(({ schema }) => schema === "user_2");
    expect(took, "together as long as their message").toBeLessThanOrEqual(tenant?.durationMs ?? 0);
    expect(told.every(({ durationMs }) => durationMs > 0)).toBe(true);
  });

  test("each stand in a transaction of their own", async ({ db }) => {
    await createSchemas(db, ["user_1"]);
    await syncTenantSchemas(db);
    const { rows } = await sql<{ transactions: number }>`
      select count(distinct xmin::text)::int as transactions from user_1.marketplace_jobs_migration`.execute(db);
    expect(rows[0]?.transactions).toBe(ALL.length);
  });

  test("are not joined with a host's, nor those with each other", async ({ db, statements }) => {
    await createSchemas(db, ["template_tenant", "user_1"]);
    await migrateTheRest(db);
    const later = Object.fromEntries(Object.entries(notesMigrations).map(([name, each]) => [`app_${name}`, each]));
    const options: SyncOptions = { migrations: { ...migrations, ...later }, tenants: ["user_1"], template: false };
    const { texts } = await statements.during(async () => await syncTenantSchemas(db, options));
    expect(messagesOf(texts)).toHaveLength(3);
    expect(messagesOf(texts).filter((text) => text.includes(".notes") && text.includes(".tags"))).toEqual([]);
    expect(await ledgerOf(db, "user_1")).toHaveLength(ALL.length + 2);
  });
});

describe("the connections of a run's workers", () => {
  for (const [tenants, state] of [
    [3, "new"],
    [3, "known"],
    [230, "known"],
  ] as const) {
    test(`are as many as these, with ${tenants} ${state} tenants`, async ({ db, database }) => {
      const names = Array.from({ length: tenants }, (_, index) => `user_${index}`);
      await createSchemas(db, names);
      if (state === "known") await syncTenantSchemas(db, { ...fleet(notesMigrations), to: "0001_notes" });
      let opened = 0;
      const pool = hostPool({ connectionString: database.url, max: 10 });
      pool.on("connect", () => (opened += 1));
      const counted = new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
      const set = state === "known" ? { ...fleet(notesMigrations) } : { migrations };
      try {
        const report = await syncTenantSchemas(counted, { ...set, concurrency: 3, throwOnFailure: false });
        expect(report.summary.failed).toBe(0);
      } finally {
        await counted.destroy();
      }
      expect(opened).toBe(3);
    });
  }
});

describe("an error in one of several migrations in a message", () => {
  test("is told with its name, and what stood before it stands", async ({ db, statements }) => {
    await loadLegacyFleet(db, 1);
    await sql`create view user_1.strings as select batch_id from user_1.marketplace_jobs`.execute(db);
    await migrateTheRest(db);
    const { result, texts } = await statements.during(
      async () => await syncTenantSchemas(db, { throwOnFailure: false }),
    );
    expect(result.tenants.find(({ schema }) => schema === "user_1")).toMatchObject({
      outcome: "failed",
      applied: ALL.slice(0, 4),
      attempts: 1,
      error: { code: "COLUMN_IN_USE", migration: "0005_drop_marketplace_jobs_batch_id" },
    });
    expect(messagesOf(texts), "it is not sent again").toHaveLength(1);
    expect(await ledgerOf(db, "user_1")).toEqual(ALL.slice(0, 4));
  });

  test("that passes has the tenant tried again from there", async ({ db, pool }) => {
    await loadLegacyFleet(db, 1);
    await migrateTheRest(db);
    const holder = await pool.connect();
    await holder.query("begin; lock table user_1.marketplace_jobs in access share mode");
    const postponed: SyncEvent[] = [];
    const report = await syncTenantSchemas(db, {
      lockTimeoutMs: 50,
      onEvent: (event) => {
        if (event.type !== "tenant-postponed") return;
        postponed.push(event);
        void holder.query("commit");
      },
    });
    holder.release();
    expect(postponed).toMatchObject([{ error: { code: "LOCK_TIMEOUT", migration: "0002_marketplace_jobs" } }]);
    expect(report.tenants.find(({ schema }) => schema === "user_1")).toMatchObject({
      outcome: "migrated",
      applied: ALL,
      attempts: 2,
    });
  });

  test("that only wants a warning taken note of has the rest sent with it acknowledged", async ({ db, statements }) => {
    await loadLegacyFleet(db, 1);
    await sql
      .raw(
        `create function user_1.strings() returns setof text language plpgsql
         as 'begin return query select batch_id::text from user_1.marketplace_jobs; end'`,
      )
      .execute(db);
    await migrateTheRest(db);
    const { result, texts } = await statements.during(async () => await syncTenantSchemas(db));
    expect(result.tenants.find(({ schema }) => schema === "user_1")).toMatchObject({
      outcome: "migrated",
      applied: ALL,
      attempts: 1,
      warnings: [expect.stringContaining("strings")],
    });
    expect(messagesOf(texts)).toHaveLength(2);
  });

  test("at its commit, when nobody is left to be asked, is found by the ledger", async ({ db }) => {
    await loadLegacyFleet(db, 1);
    await sql
      .raw(
        `create function public.refuse() returns trigger language plpgsql as 'begin raise exception ''refused''; end';
         create constraint trigger late after insert on user_1.batch_jobs deferrable initially deferred
         for each row execute function public.refuse()`,
      )
      .execute(db);
    const report = await syncTenantSchemas(db, { throwOnFailure: false });
    expect(report.tenants.find(({ schema }) => schema === "user_1")).toMatchObject({
      outcome: "failed",
      applied: ALL.slice(0, 3),
      attempts: 1,
      error: { sqlState: "P0001", message: "refused", migration: "0004_link_jobs_to_batches" },
    });
    expect(await ledgerOf(db, "user_1")).toEqual(ALL.slice(0, 3));
  });
});

describe("a message of several migrations", () => {
  test("whose answer is lost is looked up in the ledger, and nothing is done twice", async ({ db, database }) => {
    await createSchemas(db, ["template_tenant", "user_1"]);
    await migrateTheRest(db);
    const proxy = await startCuttingProxy(database.url);
    const remote = hostKysely({ connectionString: proxy.url });
    try {
      proxy.cutNext("begin isolation level", "after");
      const report = await syncTenantSchemas(remote, { maxAttempts: 20 });
      const tenant = report.tenants.find(({ schema }) => schema === "user_1");
      expect(tenant).toMatchObject({ outcome: "migrated", attempts: 2 });
      expect(tenant?.applied.toSorted()).toEqual(ALL);
    } finally {
      await remote.destroy();
      await proxy.stop();
    }
    await expectAllMigrated(db, ["user_1"]);
  });

  test("whose answer is lost at the last attempt is no reason to leave out what was done", async ({ db, database }) => {
    await createSchemas(db, ["user_1"]);
    await migrateTheRest(db);
    const proxy = await startCuttingProxy(database.url);
    const remote = hostKysely({ connectionString: proxy.url });
    try {
      // The end of the message comes in a chunk of its own or not: the server has all of it before the cut.
      proxy.cutNext("begin isolation level", "after");
      const report = await syncTenantSchemas(remote, { maxAttempts: 1, throwOnFailure: false });
      const tenant = report.tenants.find(({ schema }) => schema === "user_1");
      expect(tenant).toMatchObject({ outcome: "failed", attempts: 1, error: { code: "CONNECTION_LOST" } });
      expect(tenant?.error, "which of them it was lost in is not known").not.toHaveProperty("migration");
      const recorded = await ledgerOf(db, "user_1");
      expect(recorded.slice(0, tenant?.applied.length)).toEqual(tenant?.applied);
    } finally {
      await remote.destroy();
      await proxy.stop();
    }
  });

  test("is finished by an abort, and nothing is begun after it", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    const controller = new AbortController();
    const report = await syncTenantSchemas(db, {
      concurrency: 1,
      signal: controller.signal,
      throwOnFailure: false,
      onEvent: (event) => {
        if (event.type === "migration-done" && event.schema === "user_1") controller.abort();
      },
    });
    expect(report.status).toBe("aborted");
    expect(report.tenants.filter(({ role }) => role === "tenant")).toMatchObject([
      { outcome: "migrated", applied: ALL },
      { outcome: "skipped", applied: [] },
    ]);
  });

  for (const runs of [2, 4]) {
    test(`of which each of ${runs} runs sends one leaves each migration to one of them`, async ({ db }) => {
      const names = Array.from({ length: 12 }, (_, index) => `user_${index}`);
      await createSchemas(db, names);
      await migrateTheRest(db);
      const reports = await Promise.all(
        Array.from({ length: runs }, async () => await syncTenantSchemas(db, { lockTimeoutMs: 5_000 })),
      );
      expect(reports.map(({ status }) => status)).toEqual(reports.map(() => "ok"));
      const applied = reports.flatMap(({ tenants }) =>
        tenants.flatMap(({ schema, applied: done }) => done.map((name) => `${schema} ${name}`)),
      );
      expect(applied.toSorted()).toEqual(names.flatMap((schema) => ALL.map((name) => `${schema} ${name}`)).toSorted());
    });
  }
});
