import { CamelCasePlugin, Kysely, PostgresDialect, sql } from "kysely";
import { describe, expect } from "vitest";
import { actionTypes } from "../../../src/repositories/action-type-repository.js";
import { createSharedTables } from "../../database/canonical-tables.js";
import { databaseTest } from "../../database/fixtures.js";

const test = databaseTest.extend("repository", async ({ db }) => {
  await createSharedTables(db);
  return actionTypes(db);
});

const relist = { marketplace: "vinted", code: "relist", name: "List one product again" };

describe("resolving", () => {
  test("an action type is found by marketplace and code", async ({ repository }) => {
    expect(await repository.resolveActionType({ marketplace: "ebay", code: "sync" })).toEqual({
      id: 12,
      marketplace: "ebay",
      code: "sync",
      name: "Synchronise products",
      description: null,
      priority: 2,
      isBatch: true,
      rateLimitMs: 2_000,
      maxRetries: 3,
      timeoutSeconds: 300,
      createdAt: new Date("2026-01-09T03:00:00Z"),
    });
  });

  test("an unknown code is refused by name, with the known ones, the marketplace's own first", async ({
    repository,
  }) => {
    await expect(repository.resolveActionType({ marketplace: "etsy", code: "message" })).rejects.toMatchObject({
      code: "UNKNOWN_ACTION_TYPE",
      isRetryable: false,
      message: expect.stringMatching(
        /^Marketplace "etsy" has no action type "message"; known are etsy\/publish, etsy\/update, etsy\/delete, etsy\/sync, etsy\/sync_orders, vinted\/message/u,
      ),
      details: { marketplace: "etsy", actionCode: "message", known: expect.arrayContaining(["vinted/publish"]) },
    });
  });

  test("names are compared exactly", async ({ repository }) => {
    for (const key of [
      { marketplace: "Vinted", code: "publish" },
      { marketplace: "vinted", code: "publish " },
    ]) {
      await expect(repository.resolveActionType(key)).rejects.toMatchObject({ code: "UNKNOWN_ACTION_TYPE" });
    }
  });

  test("input that no row could match is refused before any statement", async ({ repository, statements }) => {
    const { roundTrips } = await statements.during(async () => {
      for (const key of [
        { marketplace: "", code: "publish" },
        { marketplace: "vinted", code: "x".repeat(51) },
        { marketplace: "vinted", code: "nul\u0000" },
        { marketplace: "vinted", code: "\ud800" },
        { marketplace: "vinted", code: "publish", colour: "red" },
        { marketplace: "vinted" },
      ]) {
        await expect(repository.resolveActionType(key as never)).rejects.toMatchObject({ code: "INVALID_INPUT" });
      }
      await expect(repository.getActionType(1.5)).rejects.toMatchObject({ code: "INVALID_INPUT" });
      await expect(repository.listActionTypes({ market: "ebay" } as never)).rejects.toMatchObject({
        code: "INVALID_INPUT",
      });
      await expect(repository.registerActionType({ ...relist, priority: 5 })).rejects.toMatchObject({
        code: "INVALID_INPUT",
        message: expect.stringContaining("priority"),
      });
    });
    expect(roundTrips).toBe(0);
  });
});

describe("the cache", () => {
  test("all reads of one instance cost one statement together", async ({ repository, statements }) => {
    const { statements: count } = await statements.during(async () => {
      await Promise.all([
        repository.resolveActionType({ marketplace: "vinted", code: "publish" }),
        repository.resolveActionType({ marketplace: "ebay", code: "publish" }),
        repository.getActionTypes([1, 2, 3]),
        repository.listActionTypes(),
      ]);
      await repository.getActionType(18);
    });
    expect(count).toBe(1);
  });

  test("an action type that another process registered is found without waiting for the cache to age", async ({
    repository,
    db,
    statements,
  }) => {
    await repository.listActionTypes();
    const { actionType } = await actionTypes(db).registerActionType(relist);
    const { result, statements: count } = await statements.during(async () => ({
      resolved: await repository.resolveActionType({ marketplace: "vinted", code: "relist" }),
      byId: await repository.getActionType(actionType.id),
    }));
    expect(result).toEqual({ resolved: actionType, byId: actionType });
    expect(count).toBe(1);
  });

  test("a row that changed is seen once the cache is too old, at once with an age of 0", async ({ repository, db }) => {
    const eager = actionTypes(db, { maxAgeMs: 0 });
    await Promise.all([repository.getActionType(3), eager.getActionType(3)]);
    await db.updateTable("marketplace_action_types").set({ name: "Renamed" }).where("id", "=", 3).execute();
    expect((await repository.getActionType(3))?.name).toBe("Publish one product");
    expect((await eager.getActionType(3))?.name).toBe("Renamed");
  });

  test("an id that leads nowhere is undefined and costs one statement, not one per job", async ({
    repository,
    statements,
  }) => {
    await repository.listActionTypes();
    const { result, statements: count } = await statements.during(() => repository.getActionTypes([3, 777, 888, 777]));
    expect([...result.keys()]).toEqual([3]);
    expect(count).toBe(1);
    expect(await repository.getActionType(777)).toBeUndefined();
  });

  test("a read that failed is not kept", async ({ db }) => {
    const repository = actionTypes(db);
    await expect(repository.listActionTypes()).rejects.toMatchObject({ code: "42P01" });
    await createSharedTables(db);
    expect(await repository.listActionTypes()).toHaveLength(18);
  });

  test("what a caller is given cannot be changed for the next one", async ({ repository }) => {
    const publish = await repository.resolveActionType({ marketplace: "vinted", code: "publish" });
    expect(() => Object.assign(publish, { priority: 1 })).toThrow(TypeError);
  });
});

describe("listing", () => {
  test("the seeded rows come by id, of one marketplace on request", async ({ repository }) => {
    expect((await repository.listActionTypes()).map(({ id }) => id)).toEqual(
      Array.from({ length: 18 }, (_, i) => i + 1),
    );
    expect((await repository.listActionTypes({ marketplace: "ebay" })).map(({ code }) => code)).toEqual([
      "publish",
      "update",
      "delete",
      "sync",
      "sync_orders",
    ]);
    expect(await repository.listActionTypes({ marketplace: "nowhere" })).toEqual([]);
  });
});

describe("registering", () => {
  test("a new action type is a row with the table's defaults, in one statement", async ({ repository, statements }) => {
    const { result, statements: count } = await statements.during(() => repository.registerActionType(relist));
    expect(count).toBe(1);
    expect(result).toEqual({
      created: true,
      actionType: {
        ...relist,
        id: 19,
        description: null,
        priority: 3,
        isBatch: false,
        rateLimitMs: 2_000,
        maxRetries: 3,
        timeoutSeconds: 60,
        createdAt: expect.any(Date),
      },
    });
    expect(await repository.resolveActionType({ marketplace: "vinted", code: "relist" })).toEqual(result.actionType);
  });

  test("the defaults are those of the columns", async ({ repository, db }) => {
    const { actionType } = await repository.registerActionType(relist);
    await db
      .insertInto("marketplace_action_types")
      .values({ marketplace: "ebay", code: "relist", name: relist.name })
      .execute();
    const byHand = await repository.resolveActionType({ marketplace: "ebay", code: "relist" });
    expect({ ...byHand, id: 0, marketplace: "", createdAt: 0 }).toEqual({
      ...actionType,
      id: 0,
      marketplace: "",
      createdAt: 0,
    });
  });

  test("the same one again gives the row that exists, in one statement and without using up an id", async ({
    repository,
    statements,
  }) => {
    const first = await repository.registerActionType(relist);
    const { result, statements: count } = await statements.during(() => repository.registerActionType(relist));
    expect(count).toBe(1);
    expect(result).toEqual({ actionType: first.actionType, created: false });
    const next = await repository.registerActionType({ ...relist, code: "relist_all" });
    expect(next.actionType.id).toBe(first.actionType.id + 1);
  });

  test("one that exists with other settings is refused, naming them, and its row stays", async ({ repository, db }) => {
    await expect(
      repository.registerActionType({ marketplace: "vinted", code: "publish", name: "Publish", maxRetries: 9 }),
    ).rejects.toMatchObject({
      code: "ACTION_TYPE_EXISTS",
      message:
        'Action type "publish" of marketplace "vinted" exists with another name, rateLimitMs, maxRetries, timeoutSeconds.',
      details: { differingFields: ["name", "rateLimitMs", "maxRetries", "timeoutSeconds"] },
    });
    const row = await db
      .selectFrom("marketplace_action_types")
      .select(["name", "max_retries"])
      .where("id", "=", 3)
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ name: "Publish one product", max_retries: 3 });
  });

  test("a creator that waited for another one gets the other's row", async ({ repository, db, pool }) => {
    const first = await pool.connect();
    try {
      await first.query("begin");
      await first.query(
        "insert into public.marketplace_action_types (marketplace, code, name) values ('vinted', 'relist', $1)",
        [relist.name],
      );
      const second = repository.registerActionType(relist);
      await waitUntilSomebodyWaitsForALock(db);
      await first.query("commit");
      expect(await second).toMatchObject({ created: false, actionType: { code: "relist" } });
    } finally {
      first.release();
    }
  });

  test("20 processes that register at once make one row, and one of them hears that it made it", async ({
    repository: _tables,
    db,
  }) => {
    const results = await Promise.all(Array.from({ length: 20 }, () => actionTypes(db).registerActionType(relist)));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(results.map(({ actionType }) => actionType.id)).size).toBe(1);
  });

  test("one that was rolled back with the caller's transaction is not there", async ({ repository, db }) => {
    await expect(
      db.transaction().execute(async (transaction) => {
        await actionTypes(transaction).registerActionType(relist);
        throw new Error("the host changed its mind");
      }),
    ).rejects.toThrow("changed its mind");
    await expect(repository.resolveActionType({ marketplace: "vinted", code: "relist" })).rejects.toMatchObject({
      code: "UNKNOWN_ACTION_TYPE",
    });
  });
});

describe("options", () => {
  test("the shared schema may have any name that PostgreSQL takes", async ({ db }) => {
    const sharedSchema = 'Shared "tables"; --';
    await sql`create schema ${sql.id(sharedSchema)}`.execute(db);
    await createSharedTables(db, sharedSchema);
    const repository = actionTypes(db, { sharedSchema });
    expect(await repository.registerActionType(relist)).toMatchObject({ created: true });
    expect(await repository.listActionTypes()).toHaveLength(19);
  });

  test("a name that is no schema and an unknown option are refused", ({ db }) => {
    for (const options of [{ sharedSchema: "" }, { sharedSchema: "pg_catalog" }, { maxAgeMs: -1 }, { ttl: 5 }]) {
      expect(() => actionTypes(db, options as never)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS" }));
    }
  });

  test("a host's own plugins do not rename our columns", async ({ repository, pool }) => {
    const hostDb = new Kysely<any>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] });
    expect(await actionTypes(hostDb).listActionTypes()).toEqual(await repository.listActionTypes());
  });
});

async function waitUntilSomebodyWaitsForALock(db: Kysely<any>): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ waiting: boolean }>`
      select exists (
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
      ) as waiting
    `.execute(db);
    if (rows[0]?.waiting === true) return;
  }
}
