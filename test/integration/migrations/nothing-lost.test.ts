import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { databaseTest as test } from "../../database/fixtures.js";
import {
  type LegacyVariant,
  loadLegacyShared,
  loadLegacyTemplate,
  loadLegacyTenant,
} from "../../legacy/legacy-system.js";
import { migrateUp, runDown, runUp } from "./run-migrations.js";
import { jobsByString, jobsCarrying, pick, type Row, rowsOf } from "./tenant-rows.js";

const TENANTS: Readonly<Record<string, LegacyVariant>> = { user_10: "a", user_1: "b", user_2: "c" };

async function loadTenants(db: Kysely<any>): Promise<void> {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  for (const [schema, variant] of Object.entries(TENANTS)) {
    await loadLegacyTenant(db, variant, schema, Number(schema.slice("user_".length)), { data: true });
  }
}

function refOf(row: Row): string {
  const { ref } = row["input_data"] as { ref: string };
  return ref;
}

/** What the README of the legacy system says about the twelve batches that only a string held together. */
const STRING_BATCHES = [
  ["publish_20260105_091502_3fa1c07e", 20, 20, 0, 0, "completed", 2],
  ["publish_20260106_140355_9b20d4c1", 30, 24, 6, 0, "partially_failed", 2],
  ["publish_20260107_083011_51e7aa90", 12, 0, 12, 0, "failed", 1],
  ["publish_20260112_101544_c0ffee42", 25, 8, 5, 2, "running", 2],
  ["publish_20260115_180200_07d9b3e6", 15, 0, 0, 0, "pending", 2],
  ["update_20260108_113000_1122aabb", 40, 36, 0, 4, "completed", 2],
  ["update_20260110_070700_deadbe01", 10, 0, 0, 10, "cancelled", 3],
  ["update_20260115_192559_6e4f8a13", 18, 0, 0, 0, "running", 2],
  ["link_product_20260109_154210_a4b8c2d6", 35, 30, 5, 0, "partially_failed", 2],
  ["link_product_20260113_225959_0f1e2d3c", 8, 0, 8, 0, "failed", 2],
  ["link_product_20260115_163000_77665544", 14, 10, 0, 0, "running", 2],
  ["link_product_20260115_190000_89abcdef", 6, 0, 0, 0, "pending", 2],
] as const;

describe("nothing lost", () => {
  test("every job keeps its id and every value it had, its string now read through its batch", async ({ db }) => {
    await loadTenants(db);
    for (const [schema, variant] of Object.entries(TENANTS)) {
      const before = await rowsOf(db, schema, "marketplace_jobs");
      const products = await rowsOf(db, schema, "products");
      expect(before).toHaveLength(variant === "c" ? 275 : 331);
      await migrateUp(db, schema);
      const after = await rowsOf(db, schema, "marketplace_jobs");
      const kept = Object.keys(before[0] ?? {}).filter((column) => !["batch_id", "batch_job_id"].includes(column));
      expect(pick(after, kept), schema).toEqual(pick(before, kept));
      expect(await rowsOf(db, schema, "products")).toEqual(products);
      for (const [index, row] of after.entries()) {
        const former = before[index];
        if (former?.["batch_job_id"] !== null) expect(row["batch_job_id"]).toBe(former?.["batch_job_id"]);
        expect(row).toMatchObject({
          attempt: 0,
          cancel_requested: false,
          cancel_requested_at: null,
          lease_expires_at: null,
        });
        if (row["status"] === "pending" || row["status"] === "paused") expect(row["run_at"]).toBe(row["created_at"]);
      }
    }
  });

  test("every string leads to exactly the jobs that carried it, and every key to the jobs it had", async ({ db }) => {
    await loadTenants(db);
    for (const [schema, variant] of Object.entries(TENANTS)) {
      const before = await rowsOf(db, schema, "marketplace_jobs");
      const carried = await jobsCarrying(db, schema);
      const keyed = variant === "c" ? new Map<string, number[]>() : await jobsByString(db, schema);
      await migrateUp(db, schema);
      const found = await jobsByString(db, schema);
      expect(found.size).toBe(variant === "c" ? 12 : 17);
      expect([...found.values()].flat()).toHaveLength(variant === "c" ? 233 : 289);
      for (const [string, jobs] of carried) expect(found.get(string), string).toEqual(jobs);
      for (const [string, jobs] of keyed) expect(found.get(string), string).toEqual(jobs);
      const single = before.filter((row) => refOf(row).startsWith("n-")).map(({ id }) => id);
      const after = await rowsOf(db, schema, "marketplace_jobs");
      expect(after.filter((row) => row["batch_job_id"] === null).map(({ id }) => id)).toEqual(single);
      expect(single).toHaveLength(42);
    }
  });

  test("the twelve batches read as the README says, their times to the microsecond", async ({ db }) => {
    await loadTenants(db);
    for (const schema of Object.keys(TENANTS)) {
      const { rows: times } = await sql<{ batch_id: string }>`
        select batch_id, to_jsonb(min(created_at)) as created_at, to_jsonb(min(started_at)) as started_at,
          to_jsonb(max(completed_at)) as completed_at
        from ${sql.id(schema, "marketplace_jobs")}
        where batch_job_id is null and batch_id <> ''
        group by batch_id`.execute(db);
      const timesOf = new Map(times.map(({ batch_id, ...rest }) => [batch_id, rest]));
      await migrateUp(db, schema);
      const batches = new Map((await rowsOf(db, schema, "batch_jobs")).map((row) => [row["batch_id"], row]));
      for (const [string, total, completed, failed, cancelled, status, priority] of STRING_BATCHES) {
        const { completed_at, ...begin } = timesOf.get(string) as Record<string, unknown>;
        const isTerminal = !["pending", "running"].includes(status);
        expect(batches.get(string), string).toMatchObject({
          marketplace: "vinted",
          action_code: string.replace(/_\d{8}_.*/, ""),
          total_count: total,
          completed_count: completed,
          failed_count: failed,
          cancelled_count: cancelled,
          status,
          priority,
          created_by_user_id: null,
          pruned_at: null,
          ...begin,
          completed_at: isTerminal ? completed_at : null,
        });
      }
      expect(batches.get("publish_20260105_091502_3fa1c07e")).toMatchObject({
        created_at: "2026-01-05T08:15:02.104233+00:00",
        started_at: "2026-01-05T08:15:08.104233+00:00",
        completed_at: "2026-01-05T08:16:27.677233+00:00",
      });
      expect(batches.get("link_product_20260115_190000_89abcdef")).toMatchObject({
        created_at: "2026-01-15T18:00:00.777+00:00",
        started_at: "2026-01-15T18:00:10.794+00:00",
        completed_at: null,
      });
    }
  });

  test("a batch row that was right before is not touched", async ({ db }) => {
    await loadTenants(db);
    for (const schema of ["user_10", "user_1"]) {
      const before = await rowsOf(db, schema, "batch_jobs");
      expect(before).toHaveLength(5);
      await migrateUp(db, schema);
      const after = (await rowsOf(db, schema, "batch_jobs")).slice(0, 5);
      expect(after, schema).toEqual(before.map((row) => ({ ...row, pruned_at: null })));
    }
  });

  test("daily counts keep their rows, and mean × successes becomes their sum", async ({ db }) => {
    await loadTenants(db);
    for (const schema of Object.keys(TENANTS)) {
      const before = await rowsOf(db, schema, "vinted_job_stats");
      await migrateUp(db, schema);
      const after = await rowsOf(db, schema, "marketplace_job_stats");
      expect(after, schema).toEqual(
        before.map(({ avg_duration_ms: mean, success_count: successes, ...rest }) => ({
          ...rest,
          success_count: successes,
          marketplace: "vinted",
          shard: 0,
          duration_ms_sum: mean === null ? 0 : Number(mean) * Number(successes),
          duration_count: mean === null ? 0 : successes,
        })),
      );
    }
  });

  test("ids go on above every id and above what the sequence before gave out, and clones no longer share them", async ({
    db,
  }) => {
    await loadTenants(db);
    // Given out and lost again: a job that was deleted, an insert that failed.
    await sql`select setval('template_tenant.vinted_jobs_id_seq', 9000)`.execute(db);
    await sql`select setval('user_10.vinted_jobs_id_seq', 5000)`.execute(db);
    for (const schema of ["template_tenant", ...Object.keys(TENANTS)]) await migrateUp(db, schema);
    const nextId = async (schema: string): Promise<unknown> => {
      const { rows } = await sql<{ id: number }>`
        insert into ${sql.id(schema, "marketplace_jobs")} (marketplace, action_type_id) values ('ebay', 9)
        returning id`.execute(db);
      return rows[0]?.id;
    };
    expect(await nextId("user_1")).toBe(9001);
    expect(await nextId("user_2")).toBe(9001);
    expect(await nextId("user_1")).toBe(9002);
    expect(await nextId("template_tenant")).toBe(9001);
    expect(await nextId("user_10")).toBe(5001);
    const { rows } = await sql<{ foreign: number }>`
      select count(*)::int as foreign
      from pg_depend as dependency
      join pg_attrdef as fallback on fallback.oid = dependency.objid
      join pg_class as sequence on sequence.oid = dependency.refobjid and sequence.relkind = 'S'
      join pg_class as relation on relation.oid = fallback.adrelid and relation.relname <> 'products'
        and relation.relnamespace <> 'public'::regnamespace
      where dependency.classid = 'pg_attrdef'::regclass`.execute(db);
    expect(rows).toEqual([{ foreign: 0 }]);
  });

  test("going back to 0004 gives every string back, and forth again changes nothing", async ({ db }) => {
    await loadTenants(db);
    const tables = ["batch_jobs", "marketplace_jobs", "marketplace_job_stats"];
    const everything = (schema: string): Promise<unknown> =>
      Promise.all(tables.map((table) => rowsOf(db, schema, table)));
    for (const schema of Object.keys(TENANTS)) {
      await migrateUp(db, schema, { to: "0004_link_jobs_to_batches" });
      const strings = await jobsByString(db, schema);
      await runUp(db, schema, "0005_drop_marketplace_jobs_batch_id");
      const newest = await everything(schema);
      await runDown(db, schema, "0005_drop_marketplace_jobs_batch_id");
      expect(await jobsCarrying(db, schema)).toEqual(strings);
      await runDown(db, schema, "0004_link_jobs_to_batches");
      expect(await jobsByString(db, schema)).toEqual(strings);
      await runUp(db, schema, "0004_link_jobs_to_batches");
      await runUp(db, schema, "0005_drop_marketplace_jobs_batch_id");
      expect(await everything(schema)).toEqual(newest);
    }
  });
});
