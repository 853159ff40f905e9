import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { type Migration, plainSqlMigration, quoteIdentifier, quoteLiteral } from "../../../migrations/index.js";
import { type SyncEvent, type SyncReport, syncTenantSchemas, TenantSyncError } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createSchemas, fleet, ledgerOf, notesMigrations } from "./fleet.js";

/** A migration that fails in the schemas named, with that SQLSTATE. */
function failingIn(schemas: readonly string[], sqlState = "P0001"): Readonly<Record<string, Migration>> {
  const up = (schema: string): string =>
    schemas.includes(schema)
      ? `do 'begin raise sqlstate ''${sqlState}'' using message = ''refused''; end';`
      : `create table ${quoteIdentifier(schema)}.things (id integer);`;
  return { "0001_things": plainSqlMigration({ up }) };
}

async function outcomes(db: Kysely<any>, options: Parameters<typeof syncTenantSchemas>[1]): Promise<string[]> {
  return outcomesOf(await syncTenantSchemas(db, { throwOnFailure: false, ...options }));
}

function outcomesOf(report: SyncReport): string[] {
  return report.tenants.map(({ schema, role, outcome }) => `${schema} ${role} ${outcome}`);
}

describe("the order of a run", () => {
  test("is the shared schema, the template, the canaries, then the rest", async ({ db }) => {
    await createSchemas(db, ["template_tenant", "user_1", "user_2", "user_3"]);
    const order: string[] = [];
    await syncTenantSchemas(db, {
      migrations: notesMigrations,
      canary: ["user_3"],
      onEvent: (event) => event.type === "tenant-finished" && order.push(`${event.schema} ${event.report.role}`),
    });
    expect(order.slice(0, 3)).toEqual(["public shared", "template_tenant template", "user_3 canary"]);
    expect(order.slice(3).toSorted()).toEqual(["user_1 tenant", "user_2 tenant"]);
    expect(await ledgerOf(db, "public")).toEqual(["0001_marketplace_action_types"]);
  });

  test("ends at a template that fails: no tenant is started", async ({ db }) => {
    await createSchemas(db, ["template_tenant", "user_1"]);
    const report = await syncTenantSchemas(db, { ...fleet(failingIn(["template_tenant"])), throwOnFailure: false });
    expect(outcomesOf(report)).toEqual(["template_tenant template failed", "user_1 tenant skipped"]);
    expect(report.status).toBe("failed");
    expect(report.tenants[1]?.warnings).toEqual(["Not started: the template template_tenant failed."]);
  });

  test("ends at a canary on which the migration fails", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2", "user_3"]);
    expect(await outcomes(db, { ...fleet(failingIn(["user_1"])), canary: 1 })).toEqual([
      "user_1 canary failed",
      "user_2 tenant skipped",
      "user_3 tenant skipped",
    ]);
  });

  test("a canary that is refused for its data passes the turn to the next", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2", "user_3"]);
    expect(await outcomes(db, { ...fleet(failingIn(["user_1"], "MJ004")), canary: 1 })).toEqual([
      "user_1 canary failed",
      "user_2 canary migrated",
      "user_3 tenant migrated",
    ]);
  });

  test("a canary that is busy passes the turn, and is brought along later", async ({ db, pool }) => {
    await createSchemas(db, ["user_1", "user_2", "user_3"]);
    const holder = await pool.connect();
    await holder.query("begin; select pg_advisory_xact_lock(1835691874, hashtext('user_1'))");
    const result = await outcomes(db, {
      ...fleet(notesMigrations),
      canary: 1,
      lockTimeoutMs: 50,
      onEvent: (event) => {
        if (event.type === "phase-started" && event.phase === "tenant") void holder.query("commit");
      },
    });
    holder.release();
    expect(result).toEqual(["user_1 tenant migrated", "user_2 canary migrated", "user_3 tenant migrated"]);
  });
});

describe("the brakes of a run", () => {
  test("maxFailures stops it before all tenants fail alike", async ({ db }) => {
    const all = Array.from({ length: 10 }, (_, index) => `user_${index}`);
    await createSchemas(db, all);
    const result = await outcomes(db, { ...fleet(failingIn(all)), maxFailures: 3, concurrency: 1 });
    expect(result.filter((line) => line.endsWith("failed"))).toHaveLength(3);
    expect(result.filter((line) => line.endsWith("skipped"))).toHaveLength(7);
  });

  test('onFailure "stop" starts nobody after the first failure', async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    expect(await outcomes(db, { ...fleet(failingIn(["user_1"])), onFailure: "stop", concurrency: 1 })).toEqual([
      "user_1 tenant failed",
      "user_2 tenant skipped",
    ]);
  });

  test("an abort finishes what runs, starts nothing more, and throws with the report", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2", "user_3"]);
    const controller = new AbortController();
    const events: SyncEvent[] = [];
    const error = await syncTenantSchemas(db, {
      ...fleet(notesMigrations),
      concurrency: 1,
      signal: controller.signal,
      onEvent: (event) => {
        events.push(event);
        if (event.type === "migration-done") controller.abort();
      },
    }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TenantSyncError);
    expect(error).toMatchObject({ code: "TENANT_SYNC_ABORTED", report: { status: "aborted" } });
    expect(outcomesOf((error as TenantSyncError).report)).toEqual([
      "user_1 tenant skipped",
      "user_2 tenant skipped",
      "user_3 tenant skipped",
    ]);
    expect((error as TenantSyncError).report.tenants[0]?.applied).toEqual(["0001_notes"]);
    expect(await ledgerOf(db, "user_1")).toEqual(["0001_notes"]);
    const resumed = await syncTenantSchemas(db, fleet(notesMigrations));
    expect(resumed.tenants.map(({ applied }) => applied.length)).toEqual([1, 2, 2]);
  });

  test("a signal that is aborted already changes nothing", async ({ db }) => {
    await createSchemas(db, ["user_1"]);
    const error = await syncTenantSchemas(db, { ...fleet(notesMigrations), signal: AbortSignal.abort() }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: "TENANT_SYNC_ABORTED" });
    expect(await ledgerOf(db, "user_1")).toEqual([]);
  });

  test("a listener that throws, or rejects, stops nothing", async ({ db }) => {
    await createSchemas(db, ["user_1"]);
    let heard = 0;
    const throwing = await syncTenantSchemas(db, {
      ...fleet(notesMigrations),
      onEvent: () => {
        heard += 1;
        throw new Error("broken progress bar");
      },
    });
    expect(throwing.status).toBe("ok");
    expect(heard, "it is told nothing more").toBe(1);
    const rejecting = await syncTenantSchemas(db, {
      ...fleet(notesMigrations),
      onEvent: async () => await Promise.reject(new Error("broken log")),
    });
    expect(rejecting.status).toBe("ok");
  });
});

describe("migrations that are not ours", () => {
  test("are rehearsed on one tenant, and run one tenant at a time when they lock outside its schema", async ({
    db,
  }) => {
    await createSchemas(db, ["user_1", "user_2", "user_3"]);
    await sql`create table public.customers (id integer primary key)`.execute(db);
    const events: SyncEvent[] = [];
    const onEvent = (event: SyncEvent): void => void events.push(event);
    const orders = {
      "0001_orders": plainSqlMigration({
        up: (schema) =>
          `create table ${quoteIdentifier(schema)}.orders (customer_id integer references public.customers);`,
      }),
    };
    await syncTenantSchemas(db, { ...fleet(orders), onEvent });
    expect(events).toContainEqual(
      expect.objectContaining({
        type: "rehearsed",
        schema: "user_1",
        migrations: ["0001_orders"],
        locksOutside: [{ relation: "public.customers", mode: "ShareRowExclusiveLock" }],
      }),
    );
    expect(events).toContainEqual(expect.objectContaining({ type: "workers-chosen", workers: 1, requested: 4 }));
  });

  test("go in parallel when the rehearsal saw them stay inside", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2", "user_3"]);
    const events: SyncEvent[] = [];
    const report = await syncTenantSchemas(db, {
      ...fleet(notesMigrations),
      onEvent: (event) => void events.push(event),
    });
    expect(events).toContainEqual(expect.objectContaining({ type: "rehearsed", locksOutside: [] }));
    expect(events).toContainEqual(
      expect.objectContaining({ type: "workers-chosen", workers: 4, reason: "as asked for" }),
    );
    expect(report.summary.migrated, "the rehearsal left nothing behind").toBe(3);
  });

  test("may ask for warnings to be taken note of, which then stand in the report", async ({ db }) => {
    await createSchemas(db, ["user_1"]);
    const asking = {
      "0001_asks": plainSqlMigration({
        up: () =>
          `do ${quoteLiteral(`begin
          if current_setting('marketplace_jobs.acknowledged', true) !~ 'two_rows' then
            raise sqlstate 'MJ003' using message = 'wait', detail = '{"acknowledge":"two_rows","warning":"two rows were cleared"}';
          end if; end`)};`,
      }),
    };
    const report = await syncTenantSchemas(db, fleet(asking));
    expect(report.tenants).toMatchObject([{ outcome: "migrated", attempts: 1, warnings: ["two rows were cleared"] }]);
  });
});
