import { type Kysely, sql } from "kysely";
import type pg from "pg";
import { describe, expect } from "vitest";
import { databaseTest } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { legacyTest as test } from "./legacy-tenant.js";
import { LEVELS, migrationNamed, runUp } from "./run-migrations.js";
import { jobsByString, jobsCarrying } from "./tenant-rows.js";

const LINK = "0004_link_jobs_to_batches";
const DROP = "0005_drop_marketplace_jobs_batch_id";

/** The statements of the legacy code, column by column as it writes them. */
async function writeAsLegacyCode(db: Kysely<any>, schema: string, string: string | null): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into ${sql.id(schema, "marketplace_jobs")}
      (batch_id, action_type_id, product_id, status, priority, input_data, retry_count, expires_at, created_at)
    values (${string}, 3, 1, 'pending', 3, '{"price": "9.50"}', 0, now() + interval '1 hour', now())
    returning id`.execute(db);
  return (rows[0] as { id: number }).id;
}

describe("the legacy code", () => {
  databaseTest("goes on writing after each of the first four migrations", async ({ db }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await loadLegacyTenant(db, "a", "user_10", 10, { data: true });
    await loadLegacyTenant(db, "b", "user_1", 1, { data: true });
    for (const schema of ["user_10", "user_1"]) {
      const written: number[] = [];
      for (const level of LEVELS.slice(0, 4)) {
        await runUp(db, schema, level);
        const id = await writeAsLegacyCode(db, schema, "publish_20260116_080000_12345678");
        written.push(id);
        await sql`
          update ${sql.id(schema, "marketplace_jobs")}
          set status = 'completed', started_at = now(), completed_at = now(), result_data = '{}', batch_id = batch_id
          where id = ${id}`.execute(db);
        await sql`
          insert into ${sql.id(schema, "batch_jobs")} (batch_id, marketplace, action_code, total_count, priority)
          values (${level}, 'vinted', 'publish', 0, 3)`.execute(db);
        await sql`update ${sql.id(schema, "batch_jobs")} set status = 'running' where batch_id = ${level}`.execute(db);
        const { rows } = await sql`
          select batch_id, marketplace from ${sql.id(schema, "marketplace_jobs")} where id = ${id}`.execute(db);
        expect(rows).toEqual([{ batch_id: "publish_20260116_080000_12345678", marketplace: "vinted" }]);
      }
      await runUp(db, schema, DROP);
      const found = await jobsByString(db, schema);
      expect(found.get("publish_20260116_080000_12345678"), schema).toEqual(written);
    }
  });

  test("finds its strings linked and counted by 0005, whatever it wrote since 0004", async ({ db, schema, tenant }) => {
    const first = await tenant.addJobs({ string: "one", status: "pending" });
    await tenant.link();
    const [one] = await tenant.batches();
    const late = await tenant.addJobs(
      { string: "one", status: "completed", completedAt: "2026-01-16T00:00:00Z" },
      { string: "two", status: "failed", completedAt: "2026-01-16T00:00:01Z" },
      { string: "", status: "pending" },
    );
    await sql`
      update ${sql.id(schema, "marketplace_jobs")} set status = 'completed', completed_at = '2026-01-16T00:00:02Z'
      where id = ${first[0]}`.execute(db);
    await runUp(db, schema, DROP);
    expect(await tenant.batches()).toMatchObject([
      { id: one?.["id"], batch_id: "one", total_count: 2, completed_count: 2, status: "completed" },
      { batch_id: "two", total_count: 1, failed_count: 1, status: "failed", completed_at: "2026-01-16T00:00:01+00:00" },
    ]);
    expect(await jobsByString(db, schema)).toEqual(
      new Map([
        ["one", [...first, late[0]]],
        ["two", [late[1]]],
      ]),
    );
  });

  test("is refused by 0005, and the string stays, where it gave a linked job another string", async ({
    db,
    schema,
    tenant,
  }) => {
    const [id] = await tenant.addJobs({ string: "one" });
    await tenant.link();
    await sql`update ${sql.id(schema, "marketplace_jobs")} set batch_id = 'other' where id = ${id}`.execute(db);
    await expect(runUp(db, schema, DROP)).rejects.toMatchObject({ code: "MJ004" });
    expect(await jobsCarrying(db, schema)).toEqual(new Map([["other", [id]]]));
  });

  test("has its job's batch by the key alone where it emptied the string meanwhile", async ({ db, schema, tenant }) => {
    const ids = await tenant.addJobs({ string: "one" }, { string: "one" });
    await tenant.link();
    await sql`update ${sql.id(schema, "marketplace_jobs")} set batch_id = '' where id = ${ids[0]}`.execute(db);
    await sql`update ${sql.id(schema, "marketplace_jobs")} set batch_id = null where id = ${ids[1]}`.execute(db);
    await runUp(db, schema, DROP);
    expect(await jobsByString(db, schema)).toEqual(new Map([["one", ids]]));
  });
});

describe("a writer at the same moment", () => {
  /** Writes strings until told to stop, each in a transaction of its own, and remembers what was committed. */
  async function keepWriting(pool: pg.Pool, schema: string, isOver: () => boolean): Promise<Map<number, string>> {
    const committed = new Map<number, string>();
    for (let turn = 0; !isOver(); turn++) {
      const string = `batch ${turn % 3}`;
      try {
        const { rows } = await pool.query<{ id: number }>(
          `insert into ${schema}.marketplace_jobs (batch_id, action_type_id) values ($1, 3) returning id`,
          [string],
        );
        committed.set((rows[0] as { id: number }).id, string);
      } catch (error) {
        // The column is gone: the legacy code has had its day.
        if ((error as { code?: string }).code !== "42703") throw error;
        return committed;
      }
    }
    return committed;
  }

  test("loses nothing while 0004 and 0005 run", async ({ db, pool, schema, tenant }) => {
    await tenant.addJobs(...Array.from({ length: 200 }, (_, index) => ({ string: `batch ${index % 3}` })));
    let isOver = false;
    const writers = [1, 2, 3].map(() => keepWriting(pool, schema, () => isOver));
    try {
      for (const level of [LINK, LINK, LINK, DROP]) {
        await new Promise((resolve) => void setTimeout(resolve, 30));
        await runUp(db, schema, level);
      }
    } finally {
      isOver = true;
    }
    const committed = new Map((await Promise.all(writers)).flatMap((written) => [...written]));
    expect(committed.size).toBeGreaterThan(3);
    const stringOf = new Map<number, string>();
    for (const [string, jobs] of await jobsByString(db, schema)) for (const id of jobs) stringOf.set(id, string);
    for (const [id, string] of committed) expect(stringOf.get(id)).toBe(string);
    expect(stringOf.size).toBe(200 + committed.size);
    const total = (await tenant.batches()).reduce((sum, row) => sum + Number(row["total_count"]), 0);
    expect(total).toBe(200 + committed.size);
  });

  test("waits for 0004, while a reader does not", async ({ db, pool, schema, tenant }) => {
    await tenant.addJobs({ string: "one" });
    await db.transaction().execute(async (transaction) => {
      await sql.raw(migrationNamed(LINK).script.up(schema)).execute(transaction);
      const { rows } = await pool.query(`select batch_id, batch_job_id from ${schema}.marketplace_jobs`);
      expect(rows).toEqual([{ batch_id: "one", batch_job_id: null }]);
      const client = await pool.connect();
      try {
        await client.query("set lock_timeout = 20");
        await expect(
          client.query(`insert into ${schema}.marketplace_jobs (batch_id, action_type_id) values ('two', 3)`),
        ).rejects.toMatchObject({ code: "55P03" });
      } finally {
        client.release(true);
      }
    });
  });
});
