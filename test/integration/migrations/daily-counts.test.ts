import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { databaseTest } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate } from "../../legacy/legacy-system.js";
import { legacyTest as test } from "./legacy-tenant.js";
import { migrateUp, runDown, runUp } from "./run-migrations.js";
import { rowsOf } from "./tenant-rows.js";

const DROP = "0005_drop_marketplace_jobs_batch_id";

describe("the daily counts", () => {
  const addDay = (db: Kysely<any>, schema: string, successes: number, mean: number | null): Promise<unknown> =>
    sql`
      insert into ${sql.id(schema, "marketplace_job_stats")}
        (action_type_id, date, total_jobs, success_count, failure_count, avg_duration_ms)
      values (3, ${`2026-01-${10 + successes}`}, ${successes + 1}, ${successes}, 1, ${mean})`.execute(db);

  test("that the legacy code wrote on until 0005 have the sum of its last mean", async ({ db, schema, tenant }) => {
    await tenant.link();
    await addDay(db, schema, 2, 150);
    await addDay(db, schema, 3, null);
    await sql`
      update ${sql.id(schema, "marketplace_job_stats")}
      set total_jobs = 5, success_count = 4, avg_duration_ms = 200 where success_count = 2`.execute(db);
    await runUp(db, schema, DROP);
    expect(await rowsOf(db, schema, "marketplace_job_stats")).toMatchObject([
      { success_count: 4, duration_ms_sum: 800, duration_count: 4, marketplace: "vinted", shard: 0 },
      { success_count: 3, duration_ms_sum: 0, duration_count: 0 },
    ]);
  });

  test("that were folded by 0003 and went on are taken anew, not added to", async ({ db, schema, tenant }) => {
    await tenant.link();
    await addDay(db, schema, 2, 150);
    // As 0003 leaves a row that was there before it.
    await sql`update ${sql.id(schema, "marketplace_job_stats")} set duration_ms_sum = 300, duration_count = 2`.execute(
      db,
    );
    await sql`update ${sql.id(schema, "marketplace_job_stats")} set success_count = 3, avg_duration_ms = 200`.execute(
      db,
    );
    await runUp(db, schema, DROP);
    expect(await rowsOf(db, schema, "marketplace_job_stats")).toMatchObject([
      { duration_ms_sum: 600, duration_count: 3 },
    ]);
  });

  test("go back and forth without a change, also where a duration is unknown or too long for a mean", async ({
    db,
    schema,
    tenant,
  }) => {
    await tenant.link();
    await runUp(db, schema, DROP);
    await sql`
      insert into ${sql.id(schema, "marketplace_job_stats")}
        (action_type_id, marketplace, date, shard, total_jobs, success_count, duration_ms_sum, duration_count)
      values (3, 'ebay', '2026-01-10', 0, 7, 6, 1000, 3), (3, 'ebay', '2026-01-10', 5, 1, 1, 9007199254740993, 1),
        (3, 'ebay', '2026-01-11', 0, 2, 0, 0, 0)`.execute(db);
    const before = await rowsOf(db, schema, "marketplace_job_stats");
    await runDown(db, schema, DROP);
    const means = (await rowsOf(db, schema, "marketplace_job_stats")).map((row) => row["avg_duration_ms"]);
    expect(means).toEqual([333, 2_147_483_647, null]);
    await runUp(db, schema, DROP);
    expect(await rowsOf(db, schema, "marketplace_job_stats")).toEqual(before);
  });
});

describe("both stats tables", () => {
  const FORMER = `create table S.vinted_job_stats (
    id serial primary key, action_type_id integer not null, date date not null, total_jobs integer not null default 0,
    success_count integer not null default 0, failure_count integer not null default 0, avg_duration_ms integer,
    created_at timestamptz not null default now(), unique (action_type_id, date));
  insert into S.vinted_job_stats (action_type_id, date, total_jobs, success_count, failure_count, avg_duration_ms, created_at)
  values (3, '2026-01-05', 20, 15, 5, 100, '2026-01-05 08:00:00+00'), (4, '2026-01-05', 2, 2, 0, null, '2026-01-05 08:00:00+00'),
    (5, '2026-01-06', 2147483647, 2147483647, 0, 2147483647, '2026-01-06 08:00:00+00');`;
  const CURRENT = `insert into S.marketplace_job_stats
    (action_type_id, marketplace, date, total_jobs, success_count, failure_count, avg_duration_ms, created_at)
  values (3, 'vinted', '2026-01-05', 6, 5, 1, 200, '2026-01-05 07:00:00+00'), (3, 'ebay', '2026-01-05', 1, 1, 0, 7, '2026-01-05 07:00:00+00'),
    (4, 'vinted', '2026-01-05', 3, 3, 0, 10, '2026-01-05 09:00:00+00');`;

  databaseTest("are added up, and each mean stays one over what has a duration", async ({ db, schema }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await sql`alter schema template_tenant rename to ${sql.id(schema)}`.execute(db);
    await sql.raw(`${FORMER}${CURRENT}`.replaceAll("S.", `${schema}.`)).execute(db);
    await migrateUp(db, schema);
    expect(await rowsOf(db, schema, "marketplace_job_stats")).toMatchObject([
      {
        action_type_id: 3,
        marketplace: "vinted",
        total_jobs: 26,
        success_count: 20,
        failure_count: 6,
        duration_ms_sum: 2500,
        duration_count: 20,
        created_at: "2026-01-05T07:00:00+00:00",
      },
      { action_type_id: 3, marketplace: "ebay", total_jobs: 1, duration_ms_sum: 7, duration_count: 1 },
      { action_type_id: 4, total_jobs: 5, success_count: 5, duration_ms_sum: 30, duration_count: 3 },
      {
        action_type_id: 5,
        total_jobs: 2_147_483_647,
        duration_ms_sum: 2_147_483_647 ** 2,
        duration_count: 2_147_483_647,
      },
    ]);
    const { rows } = await sql`select to_regclass(${`${schema}.vinted_job_stats`}) as former`.execute(db);
    expect(rows).toEqual([{ former: null }]);
  });

  databaseTest.for([
    { title: "a column", statement: "alter table S.vinted_job_stats add column note text", name: "column note" },
    {
      title: "a trigger",
      statement:
        "create trigger seen before insert on S.vinted_job_stats for each row execute function suppress_redundant_updates_trigger()",
      name: "trigger seen",
    },
  ])("are refused while the former has $title of its own", async ({ statement, name }, { db, schema }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await sql`alter schema template_tenant rename to ${sql.id(schema)}`.execute(db);
    await sql.raw(`${FORMER}${CURRENT}${statement}`.replaceAll("S.", `${schema}.`)).execute(db);
    await expect(migrateUp(db, schema)).rejects.toMatchObject({
      code: "MJ008",
      message: expect.stringContaining(name),
    });
    expect(await rowsOf(db, schema, "vinted_job_stats")).toHaveLength(3);
  });
});
