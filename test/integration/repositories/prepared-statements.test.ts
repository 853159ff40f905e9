import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { describe, expect } from "vitest";
import { migrations } from "../../../migrations/index.js";
import { forTenant, withPreparedStatements } from "../../../src/index.js";
import { startCuttingProxy } from "../sync/cutting-proxy.js";
import { tenantTest } from "./tenant-fixture.js";

const CACHE_SIZE = 3;

/** The same database by one connection that prepares, `prepared` what it has prepared. */
const test = tenantTest
  .extend("preparing", async ({ database }, { onCleanup }) => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    const preparing = new Kysely<any>({
      dialect: new PostgresDialect({ pool: withPreparedStatements(pool, { statementCacheSize: CACHE_SIZE }) }),
    });
    onCleanup(() => preparing.destroy());
    return preparing;
  })
  .extend("prepared", ({ preparing }) => async () => {
    const { rows } = await sql<{ name: string; statement: string; generic_plans: string }>`
      select name, statement, generic_plans from pg_prepared_statements order by prepare_time`.execute(preparing);
    return rows;
  });

describe("a pool that prepares statements", () => {
  test("plans a claim and a completion once, by the index of the queue", async ({
    preparing,
    schema,
    prepared,
    batches,
  }) => {
    const { batch } = await batches.createBatch({
      marketplace: "vinted",
      actionCode: "publish",
      productIds: Array.from({ length: 20 }, (_, index) => index + 1),
    });
    const { jobs } = forTenant(preparing, schema);
    let finished: string | undefined;
    for (let job = 0; job < 20; job += 1) {
      const [claimed] = await jobs.claimJobs({ marketplace: "vinted", limit: 1 });
      finished = (await jobs.completeJob(claimed!, { job }))?.finishedBatch?.batchId;
    }
    expect(finished).toBe(batch.batchId);

    const statements = await prepared();
    expect(statements.map(({ generic_plans }) => Number(generic_plans) > 10)).toEqual([true, true]);
    const claim = statements.find(({ statement }) => statement.includes("skip locked"))!;
    const { rows } = await sql<{ "QUERY PLAN": string }>`
      explain execute ${sql.id(claim.name)} ('vinted', 'vinted', 600000)`.execute(preparing);
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("marketplace_jobs_claim_idx");
  });

  test("fails the statement whose connection is lost, not the process, and goes on with another", async ({
    database,
    schema,
    jobs,
  }) => {
    await jobs.createJobs([{ marketplace: "vinted", actionCode: "publish" }]);
    const proxy = await startCuttingProxy(database.url);
    // Nobody listens to its clients: node-postgres ends the process for what happens to one in use.
    const pool = new pg.Pool({ connectionString: proxy.url, max: 1 });
    const remote = new Kysely<any>({ dialect: new PostgresDialect({ pool: withPreparedStatements(pool) }) });
    try {
      proxy.cutNext("skip locked", "before");
      const claim = (): Promise<unknown[]> =>
        forTenant(remote, schema).jobs.claimJobs({ marketplace: "vinted", limit: 1 });
      await expect(claim()).rejects.toThrow(/Connection terminated unexpectedly|ECONNRESET/);
      expect(await claim()).toHaveLength(1);
    } finally {
      await remote.destroy();
      await proxy.stop();
    }
  });

  test("plans claims of several jobs once as well, however many and of whatever queues", async ({
    preparing,
    schema,
    prepared,
    jobs,
  }) => {
    // Another analyze in between would have them planned anew, and a table that grows makes the later plan look dearer.
    await sql`alter table ${sql.id(schema, "marketplace_jobs")} set (autovacuum_enabled = off, fillfactor = 40)`.execute(
      preparing,
    );
    await jobs.createJobs(
      Array.from({ length: 2_000 }, (_, index) => ({
        marketplace: "vinted",
        actionCode: "publish",
        productId: index + 1,
      })),
    );
    await sql`analyze ${sql.id(schema, "marketplace_jobs")}`.execute(preparing);
    const { jobs: preparedJobs } = forTenant(preparing, schema);
    for (const { marketplace, limit } of [
      { marketplace: "vinted", limit: 10 },
      { marketplace: "vinted", limit: 100 },
      { marketplace: ["vinted", "ebay"], limit: 10 },
    ]) {
      for (let claim = 0; claim < 10; claim += 1) await preparedJobs.claimJobs({ marketplace, limit });
    }
    // The first is sent by itself, and the next five are planned to see what that costs.
    expect((await prepared()).map(({ generic_plans }) => Number(generic_plans))).toEqual([4, 4, 4]);
  });

  test("keeps as many statements as it is told, and lets the least recently used go", async ({
    preparing,
    prepared,
  }) => {
    for (const value of [1, 2, 3, 4, 5]) {
      const text = sql`select ${value}::integer + ${sql.lit(value)} as sum`;
      await text.execute(preparing);
      await text.execute(preparing);
    }
    const kept = (await prepared()).map(({ statement }) => /\+ (\d)/.exec(statement)?.[1]);
    expect(kept).toEqual(["3", "4", "5"]);
  });

  test("prepares nothing when more statements take turns than it keeps", async ({ preparing, prepared }) => {
    for (let turn = 0; turn < 3; turn += 1) {
      for (const value of [1, 2, 3, 4]) {
        await sql`select ${value}::integer + ${sql.lit(value)} as sum`.execute(preparing);
      }
    }
    expect(await prepared()).toEqual([]);
  });

  test("reads on when a migration drops a column of a table it has plans for", async ({
    preparing,
    schema,
    db,
    batches,
  }) => {
    await sql.raw(migrations["0005_drop_marketplace_jobs_batch_id"]!.script.down!(schema)).execute(db);
    await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds: [17], batchId: "kept" });
    const { jobs } = forTenant(preparing, schema);
    const products = async (): Promise<unknown> =>
      (await jobs.getJobsByBatchId("kept")).map(({ productId }) => productId);
    for (let read = 0; read < 8; read += 1) expect(await products()).toEqual([17]);
    await sql.raw(migrations["0005_drop_marketplace_jobs_batch_id"]!.script.up(schema)).execute(db);
    await preparing.transaction().execute(async (transaction) => {
      const [job] = await forTenant(transaction, schema).jobs.getJobsByBatchId("kept");
      expect(job?.productId).toBe(17);
    });
  });

  test("sends a statement again whose result has changed, but not within a transaction", async ({
    preparing,
    prepared,
    tenant: _created,
    table: tableOf,
  }) => {
    const table = tableOf("products");
    await sql`create table ${table} (id integer)`.execute(preparing);
    const read = (db: Kysely<any>): Promise<unknown> => sql`select * from ${table} where ${1}::integer = 1`.execute(db);
    await read(preparing);
    await read(preparing);
    await sql`alter table ${table} add title text`.execute(preparing);
    await expect(preparing.transaction().execute(read)).rejects.toMatchObject({ code: "0A000" });
    await read(preparing);
    await read(preparing);
    expect(await prepared()).toHaveLength(1);
    await sql`alter table ${table} add price integer`.execute(preparing);
    for (let again = 0; again < 3; again += 1) await read(preparing);
    expect(await prepared()).toHaveLength(1);
  });

  test("a connection that loses its statements answers all the same, and prepares no more", async ({
    preparing,
    prepared,
  }) => {
    const sum = (): Promise<unknown> =>
      sql`select ${1}::integer + 1 as sum`.execute(preparing).then(({ rows }) => rows);
    for (let loss = 0; loss < 4; loss += 1) {
      for (let call = 0; call < 3; call += 1) expect(await sum()).toEqual([{ sum: 2 }]);
      await sql`deallocate all`.execute(preparing);
    }
    for (let call = 0; call < 3; call += 1) expect(await sum()).toEqual([{ sum: 2 }]);
    expect(await prepared()).toEqual([]);
  });

  test("an error of a prepared statement is the caller's, and the connection goes on", async ({ preparing }) => {
    const divide = (by: number): Promise<unknown> => sql`select 1 / ${by}::integer as quotient`.execute(preparing);
    await divide(1);
    await divide(1);
    await expect(divide(0)).rejects.toMatchObject({ code: "22012" });
    await divide(1);
  });

  describe("within a transaction, lets statements go", () => {
    const sum = (db: Kysely<any>, value: number): Promise<unknown> =>
      sql`select ${value}::integer + ${sql.lit(value)} as sum`.execute(db);
    const turnOverInTransaction = async (preparing: Kysely<any>): Promise<void> => {
      await preparing.transaction().execute(async (transaction) => {
        for (const value of [1, 2, 3, 4]) await sum(transaction, value);
        await sql`select`.execute(transaction);
      });
    };

    test("that the server never accepted", async ({ preparing }) => {
      const read = (): Promise<unknown> => sql`select ${1}::integer from nowhere.products`.execute(preparing);
      for (let call = 0; call < 2; call += 1) await expect(read()).rejects.toMatchObject({ code: "42P01" });
      await turnOverInTransaction(preparing);
    });

    test("that somebody discarded", async ({ preparing }) => {
      for (const value of [5, 5, 6, 6]) await sum(preparing, value);
      await sql`deallocate all`.execute(preparing);
      await turnOverInTransaction(preparing);
    });
  });

  test("a value that the driver cannot send leaves its statement usable", async ({ preparing }) => {
    const read = (value: unknown): Promise<unknown> => sql`select ${value}::integer as value`.execute(preparing);
    const unsendable = {
      toPostgres(): never {
        throw new Error("cannot be sent");
      },
    };
    await read(1);
    await expect(read(unsendable)).rejects.toThrow("cannot be sent");
    await preparing.transaction().execute(async (transaction) => {
      const { rows } = await sql`select ${1}::integer as value`.execute(transaction);
      expect(rows).toEqual([{ value: 1 }]);
    });
  });

  test("an unknown option is refused", ({ pool }) => {
    const options = { statementCacheSize: 0 };
    expect(() => withPreparedStatements(pool, options)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS" }));
  });
});
