import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type Kysely, sql } from "kysely";
import { NO_MIGRATIONS } from "kysely/migration";
import { describe, expect } from "vitest";
import { plainSqlMigration, quoteIdentifier } from "../../../migrations/index.js";
import { type SyncEvent, syncTenantSchemas } from "../../../src/index.js";
import { createBrake } from "../../../src/sync/brake.js";
import { runJobs } from "../../../src/sync/run-jobs.js";
import { createServerGate } from "../../../src/sync/server-gate.js";
import { parseSyncOptions } from "../../../src/sync/sync-options.js";
import { createTenantJob } from "../../../src/sync/tenant-job.js";
import { createSchemas, fleet, hostKysely, ledgerOf, notesMigrations } from "./fleet.js";
import { proxiedTest as test } from "./proxied-fixture.js";

describe("a connection that is lost", () => {
  test("while the answer to a COMMIT is on its way: the ledger tells that it was done, and it is not done twice", async ({
    db,
    proxy,
    remote,
  }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    proxy.cutNext('create table "user_1".notes', "after");
    // One at a time, because more would be rehearsed, and the rehearsal would be cut instead.
    const report = await syncTenantSchemas(remote, { ...fleet(notesMigrations), concurrency: 1 });
    expect(report.tenants).toMatchObject([
      { schema: "user_1", outcome: "migrated", applied: ["0001_notes", "0002_tags"], attempts: 2 },
      { schema: "user_2", outcome: "migrated" },
    ]);
    expect(await ledgerOf(db, "user_1")).toEqual(["0001_notes", "0002_tags"]);
  });

  test("before the server hears of the migration: it is sent again", async ({ db, proxy, remote }) => {
    await createSchemas(db, ["user_1"]);
    proxy.cutNext('create table "user_1".tags', "before");
    const report = await syncTenantSchemas(remote, fleet(notesMigrations));
    expect(report.tenants).toMatchObject([{ outcome: "migrated", applied: ["0001_notes", "0002_tags"], attempts: 2 }]);
    expect(await ledgerOf(db, "user_1")).toEqual(["0001_notes", "0002_tags"]);
  });

  test("while the COMMIT that takes a migration back is answered: the ledger tells as well", async ({
    db,
    proxy,
    remote,
  }) => {
    await createSchemas(db, ["user_1"]);
    await syncTenantSchemas(db, fleet(notesMigrations));
    proxy.cutNext('drop table "user_1".tags', "after");
    const report = await syncTenantSchemas(remote, { ...fleet(notesMigrations), to: "0001_notes" });
    expect(report.tenants).toMatchObject([{ outcome: "rolled-back", applied: ["0002_tags"], attempts: 2 }]);
  });

  test("at the very first question is opened again", async ({ db, proxy, remote }) => {
    await createSchemas(db, ["user_1"]);
    proxy.cutNext("pg_namespace", "after");
    const events: SyncEvent[] = [];
    const report = await syncTenantSchemas(remote, {
      ...fleet(notesMigrations),
      onEvent: (event) => void events.push(event),
    });
    expect(report.status).toBe("ok");
  });

  test("in a migration that is a function: it is done again from its beginning", async ({ db, proxy, remote }) => {
    await createSchemas(db, ["user_1"]);
    const migrations = {
      "0001_function": {
        up: async (tenant: Kysely<any>) => {
          await tenant.schema.createTable("notes").addColumn("id", "integer").execute();
          await tenant.insertInto("notes").values({ id: 1 }).execute();
        },
      },
    };
    proxy.cutNext('insert into "user_1"."notes"', "after");
    const report = await syncTenantSchemas(remote, { ...fleet(migrations), concurrency: 1 });
    expect(report.tenants).toMatchObject([{ outcome: "migrated", attempts: 2 }]);
    expect(await db.withSchema("user_1").selectFrom("notes").select("id").execute()).toEqual([{ id: 1 }]);
  });

  test("because the server ended the session costs that tenant one more attempt", async ({ db, remote }) => {
    await createSchemas(db, ["user_1", "user_2", "user_3"]);
    await sql`create sequence public.victims`.execute(db);
    const migrations = {
      "0001_notes": plainSqlMigration({
        up: (schema) => `create table ${quoteIdentifier(schema)}.notes (id integer);
          select case when nextval('public.victims') = 1 then pg_terminate_backend(pg_backend_pid()) end;
          select pg_sleep(0);`,
      }),
    };
    const report = await syncTenantSchemas(remote, { ...fleet(migrations), concurrency: 1 });
    expect(report.tenants.map(({ outcome, attempts }) => [outcome, attempts])).toEqual([
      ["migrated", 2],
      ["migrated", 1],
      ["migrated", 1],
    ]);
  });

  test("and stays lost is the failure of the tenants that waited for it, and the report is not", async ({
    db,
    database,
  }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    const remote = hostKysely({ connectionString: database.url, max: 1, connectionTimeoutMillis: 100 });
    try {
      const migrations = {
        "0001_takes_the_only_connection": { up: async () => void (await sql`select 1`.execute(remote)) },
      };
      const report = await syncTenantSchemas(remote, {
        ...fleet(migrations),
        concurrency: 1,
        maxAttempts: 2,
        throwOnFailure: false,
      });
      expect(report.tenants.map(({ outcome, attempts, error }) => [outcome, attempts, error?.code])).toEqual([
        ["failed", 2, "CONNECTION_LOST"],
        ["failed", 2, "CONNECTION_LOST"],
      ]);
    } finally {
      await remote.destroy();
    }
  });

  test("while the answer to the COMMIT of a function is on its way, in either direction: it is not done twice", async ({
    db,
    proxy,
    remote,
  }) => {
    await createSchemas(db, ["user_1"]);
    await sql`create table public.runs (direction text not null)`.execute(db);
    const migrations = {
      "0001_function": {
        up: async () => void (await sql`insert into public.runs values ('up')`.execute(db)),
        down: async () => void (await sql`insert into public.runs values ('down')`.execute(db)),
      },
    };
    // Matches the text that ends a transaction, and no other statement of the run.
    proxy.cutNext("commit\0", "after");
    const up = await syncTenantSchemas(remote, { ...fleet(migrations), concurrency: 1 });
    expect(up.tenants).toMatchObject([{ outcome: "migrated", applied: ["0001_function"], attempts: 2 }]);
    proxy.cutNext("commit\0", "after");
    const down = await syncTenantSchemas(remote, { ...fleet(migrations), to: NO_MIGRATIONS });
    expect(down.tenants).toMatchObject([{ outcome: "rolled-back", applied: ["0001_function"], attempts: 2 }]);
    const { rows } = await sql<{ direction: string }>`select direction from public.runs`.execute(db);
    expect(rows.map(({ direction }) => direction)).toEqual(["up", "down"]);
    expect(await ledgerOf(db, "user_1")).toEqual([]);
  });
});

describe("a server that is not there", () => {
  test("at the first question is asked once more, and is then an error, without the connection's address", async () => {
    let asked = 0;
    const closed = createServer((socket) => {
      asked += 1;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as AddressInfo;
    const nowhere = hostKysely({ connectionString: `postgres://someone:secret@127.0.0.1:${port}/nowhere` });
    try {
      const events: SyncEvent[] = [];
      const error = await syncTenantSchemas(nowhere, {
        ...fleet(notesMigrations),
        onEvent: (event) => void events.push(event),
      }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "CONNECTION_LOST", isRetryable: true });
      expect((error as Error).message).not.toContain("secret");
      expect(asked).toBe(2);
      expect(
        events.map(({ type }) => type),
        "nobody is told to wait",
      ).toEqual(["run-started"]);
    } finally {
      await nowhere.destroy();
      closed.close();
    }
  });

  test("any more under the run is waited for once; the tenants that nobody had begun are skipped", async () => {
    const nowhere = hostKysely({ connectionString: "postgres://someone@127.0.0.1:1/nowhere" });
    const events: SyncEvent[] = [];
    const settings = parseSyncOptions(fleet(notesMigrations), { migrations: notesMigrations });
    const emit = (event: SyncEvent): void => void events.push(event);
    const brake = createBrake(settings, emit);
    const database = { name: "default", db: nowhere };
    const jobs = Array.from({ length: 50 }, (_, index) =>
      createTenantJob(database, "tenant", { schema: `user_${index}`, hasLedger: false, recorded: [] }),
    );
    const outcomes: string[] = [];
    try {
      await runJobs(jobs, {
        settings,
        driver: { sendsSeveralStatements: true },
        brake,
        emit,
        gate: createServerGate({ database, emit, pulled: brake.pulled, timeoutMs: 0 }),
        workers: 2,
        settle: (_, { outcome, error, warnings }) => outcomes.push([outcome, error?.code ?? warnings.join()].join(" ")),
      });
    } finally {
      await nowhere.destroy();
    }
    expect(outcomes.slice(0, 2)).toEqual(["failed CONNECTION_LOST", "failed CONNECTION_LOST"]);
    expect(new Set(outcomes.slice(2))).toEqual(new Set(["skipped Not started: the server did not answer for 0 s."]));
    expect(outcomes).toHaveLength(50);
    expect(events.filter(({ type }) => type === "server-unreachable")).toHaveLength(1);
  });
});
