import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { forTenant } from "../../../src/repositories/for-tenant.js";
import { createSharedTables, createTenantTables } from "../../database/canonical-tables.js";
import { schemaTest } from "../../database/fixtures.js";

const test = schemaTest.extend("tenant", async ({ db, schema }) => {
  await createTenantTables(db, schema);
  return db.withSchema(schema);
});

interface StatsRow {
  readonly daysAgo?: number;
  readonly marketplace?: string;
  readonly actionTypeId?: number;
  readonly shard?: number;
  readonly success?: number;
  readonly failure?: number;
  readonly durationMsSum?: number | string;
  readonly durationCount?: number;
}

async function insertStats(tenant: Kysely<any>, rows: readonly StatsRow[]): Promise<void> {
  await tenant
    .insertInto("marketplace_job_stats")
    .values(
      rows.map(({ success = 0, failure = 0, ...row }) => ({
        action_type_id: row.actionTypeId ?? 3,
        marketplace: row.marketplace ?? "vinted",
        date: sql`(now() at time zone 'UTC')::date - ${row.daysAgo ?? 0}::integer`,
        shard: row.shard ?? 0,
        total_jobs: success + failure,
        success_count: success,
        failure_count: failure,
        duration_ms_sum: row.durationMsSum ?? 0,
        duration_count: row.durationCount ?? 0,
      })),
    )
    .execute();
}

async function utcDay(db: Kysely<any>, daysAgo: number): Promise<string> {
  const { rows } = await sql<{ day: string }>`
    select to_char((now() at time zone 'UTC')::date - ${daysAgo}::integer, 'YYYY-MM-DD') as day
  `.execute(db);
  return rows[0]!.day;
}

describe("daily stats", () => {
  test("shards and action types of a day add up, and the mean is exact", async ({ tenant, db, schema }) => {
    await insertStats(tenant, [
      { shard: 0, success: 2, failure: 1, durationMsSum: 1_000, durationCount: 2 },
      { shard: 7, success: 1, failure: 0, durationMsSum: 1_001, durationCount: 1 },
      { shard: 15, actionTypeId: 4, success: 4, failure: 2, durationMsSum: 500, durationCount: 4 },
    ]);
    expect(await forTenant(db, schema).stats.getDailyStats({ days: 1 })).toEqual([
      {
        date: await utcDay(db, 0),
        marketplace: "vinted",
        totalJobs: 10,
        successCount: 7,
        failureCount: 3,
        durationMsSum: 2_501,
        durationCount: 7,
        meanDurationMs: 2_501 / 7,
      },
    ]);
  });

  test("a day whose durations are unknown has no mean", async ({ tenant, db, schema }) => {
    await insertStats(tenant, [{ failure: 3 }]);
    expect(await forTenant(db, schema).stats.getDailyStats({ days: 1 })).toMatchObject([
      { failureCount: 3, durationCount: 0, meanDurationMs: null },
    ]);
  });

  test("days come oldest first, then marketplaces; days before the range and without jobs do not come", async ({
    tenant,
    db,
    schema,
  }) => {
    await insertStats(tenant, [
      { daysAgo: 0, success: 1 },
      { daysAgo: 0, marketplace: "ebay", success: 2 },
      { daysAgo: 6, success: 3 },
      { daysAgo: 7, success: 4 },
    ]);
    const stats = forTenant(db, schema).stats;
    const summary = (days: number, marketplace?: string) =>
      stats
        .getDailyStats({ days, marketplace })
        .then((entries) => entries.map((entry) => [entry.date, entry.marketplace, entry.totalJobs]));
    expect(await summary(7)).toEqual([
      [await utcDay(db, 6), "vinted", 3],
      [await utcDay(db, 0), "ebay", 2],
      [await utcDay(db, 0), "vinted", 1],
    ]);
    expect(await summary(8, "vinted")).toHaveLength(3);
    expect(await summary(1, "ebay")).toEqual([[await utcDay(db, 0), "ebay", 2]]);
    expect(await summary(3_653, "etsy")).toEqual([]);
  });

  test("a day is UTC's, whatever the session's zone", async ({ tenant, db, schema }) => {
    await insertStats(tenant, [{ success: 1 }]);
    for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
      const entries = await db.transaction().execute(async (transaction) => {
        await sql`select set_config('TimeZone', ${zone}, true)`.execute(transaction);
        return forTenant(transaction, schema).stats.getDailyStats({ days: 1 });
      });
      expect(entries).toMatchObject([{ date: await utcDay(db, 0) }]);
    }
  });

  test("a sum that a number cannot hold exactly is a typed error", async ({ tenant, db, schema }) => {
    await insertStats(tenant, [
      { shard: 0, durationMsSum: "9007199254740991", durationCount: 1 },
      { shard: 1, durationMsSum: 1, durationCount: 1 },
    ]);
    await expect(forTenant(db, schema).stats.getDailyStats({ days: 1 })).rejects.toMatchObject({
      code: "UNSAFE_INTEGER",
      details: { column: "marketplace_job_stats.duration_ms_sum" },
    });
  });

  test("bad input is refused before any statement", async ({ statements, db, schema }) => {
    const stats = forTenant(db, schema).stats;
    const { roundTrips } = await statements.during(async () => {
      for (const params of [{}, { days: 0 }, { days: 3_654 }, { days: 1.5 }, { days: "7" }, { days: 7, market: "x" }]) {
        await expect(stats.getDailyStats(params as never)).rejects.toMatchObject({ code: "INVALID_INPUT" });
      }
    });
    expect(roundTrips).toBe(0);
  });

  test("one statement reads the days through the index on the date", async ({
    tenant,
    schema,
    pool,
    statements,
    db,
  }) => {
    await sql`
      insert into ${sql.table(`${schema}.marketplace_job_stats`)} (action_type_id, marketplace, date, shard)
      select action_type_id, case when action_type_id <= 8 then 'vinted' else 'ebay' end, current_date - day, shard
      from generate_series(1, 18) as action_type_id, generate_series(1, 400) as day, generate_series(0, 3) as shard
    `.execute(tenant);
    await sql`analyze ${sql.table(`${schema}.marketplace_job_stats`)}`.execute(tenant);
    const { texts, statements: count } = await statements.during(() =>
      forTenant(db, schema).stats.getDailyStats({ days: 7 }),
    );
    expect(count).toBe(1);
    const plan = await pool.query<{ "QUERY PLAN": unknown }>(`explain (format json) ${texts[0]}`, [7]);
    expect(JSON.stringify(plan.rows[0]?.["QUERY PLAN"])).toContain('"Index Name":"marketplace_job_stats_date_idx"');
  });

  test("a job is counted once, on the day it finished, with the time that its last attempt took", async ({
    tenant: _tables,
    db,
    schema,
  }) => {
    await createSharedTables(db);
    const { jobs, batches, stats } = forTenant(db, schema);
    await batches.createBatch({ marketplace: "ebay", actionCode: "publish", productIds: [1, 2, 3, 4] });
    const [completed, failed, retried, cancelled] = await jobs.claimJobs({ marketplace: "ebay", limit: 4 });
    await db
      .withSchema(schema)
      .updateTable("marketplace_jobs")
      .set({ started_at: sql`now() - interval '2.5 seconds'` })
      .execute();
    await jobs.completeJob(completed!);
    await jobs.failJob(failed!, "refused", { retry: false });
    await jobs.failJob(retried!, "try again");
    await jobs.cancelJob(cancelled!.id);
    await jobs.acknowledgeCancel(cancelled!);

    const [entry, ...others] = await stats.getDailyStats({ days: 2 });
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      date: await utcDay(db, 0),
      marketplace: "ebay",
      totalJobs: 2,
      successCount: 1,
      failureCount: 1,
    });
    expect(entry?.meanDurationMs).toBe((entry?.durationMsSum ?? 0) / (entry?.durationCount ?? 0));
    expect(entry?.meanDurationMs).toBeGreaterThanOrEqual(2_500);
  });
});
