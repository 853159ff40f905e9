import { sql } from "kysely";
import { describe, expect } from "vitest";
import { createSharedTables } from "../../database/canonical-tables.js";
import { refusalOf, tenantAsItIs } from "./refusal.js";
import { legacyTest as test } from "./legacy-tenant.js";
import { createSchema } from "./run-migrations.js";

const S = "publish_20260115_101530_a1b2c3d4";

describe("the batch of a string", () => {
  test("is made from its jobs: first creation, first start, last end, most frequent marketplace", async ({
    tenant,
  }) => {
    await tenant.addJobs(
      {
        string: S,
        status: "completed",
        marketplace: "etsy",
        priority: 9,
        createdAt: "2026-01-15T10:15:30.000003Z",
        startedAt: "2026-01-15T10:15:31.5Z",
        completedAt: "2026-01-15T10:15:40.123456Z",
      },
      {
        string: S,
        status: "expired",
        marketplace: "etsy",
        priority: -1,
        createdAt: "2026-01-15T10:15:30.000002Z",
        completedAt: "2026-01-15T11:15:30Z",
      },
      { string: S, status: "completed", createdAt: "2026-01-15T10:15:31Z", startedAt: "2026-01-15T10:15:31.499999Z" },
    );
    await tenant.link();
    expect(await tenant.batch(S)).toMatchObject({
      marketplace: "etsy",
      action_code: "publish",
      total_count: 3,
      completed_count: 2,
      failed_count: 1,
      cancelled_count: 0,
      status: "partially_failed",
      priority: -1,
      created_at: "2026-01-15T10:15:30.000002+00:00",
      started_at: "2026-01-15T10:15:31.499999+00:00",
      completed_at: "2026-01-15T11:15:30+00:00",
      pruned_at: null,
    });
  });

  test("belongs to the alphabetically first of the marketplaces that are equally frequent", async ({ tenant }) => {
    await tenant.addJobs(
      { string: "a", marketplace: "vinted" },
      { string: "a", marketplace: "ebay" },
      { string: "a", marketplace: "Zalando" },
    );
    await tenant.link();
    // By code point, as in any locale: capitals first.
    expect(await tenant.batch("a")).toMatchObject({ marketplace: "Zalando" });
  });

  test.for([
    { string: "link_product_20260109_154210_a4b8c2d6", types: [7], code: "link_product" },
    { string: "a_20250101_000000_b_20260109_154210_c", types: [7], code: "a_20250101_000000_b" },
    { string: `${"x".repeat(60)}_20260109_154210_c`, types: [7], code: "x".repeat(50) },
    { string: "nightly", types: [9, 9], code: "publish" },
    { string: "nightly", types: [3, 4], code: "unknown" },
    { string: "nightly", types: [999], code: "unknown" },
    { string: "_20260109_154210_c", types: [1], code: "message" },
    { string: "20260109_154210", types: [1], code: "message" },
    { string: " ", types: [1], code: "message" },
  ])("$string of action types $types has the action code $code", async ({ string, types, code }, { tenant }) => {
    await tenant.addJobs(...types.map((type) => ({ string, type })));
    await tenant.link();
    expect(await tenant.batch(string)).toMatchObject({ action_code: code });
  });

  test("has its action code from the shared schema that the run names", async ({ db, schema, tenant }) => {
    const shared = `${schema}_shared`;
    await createSchema(db, shared);
    await createSharedTables(db, shared);
    await sql`update ${sql.id(shared, "marketplace_action_types")} set code = 'renamed' where id = 3`.execute(db);
    await tenant.addJobs({ string: "x", type: 3 });
    await tenant.link({ "marketplace_jobs.shared_schema": shared });
    expect(await tenant.batch("x")).toMatchObject({ action_code: "renamed" });
  });

  test("needs no shared schema", async ({ tenant }) => {
    await tenant.addJobs({ string: "x", type: 3 });
    await tenant.link({ "marketplace_jobs.shared_schema": "no such schema" });
    expect(await tenant.batch("x")).toMatchObject({ action_code: "unknown" });
  });

  test("is told from another by every code point: case, blanks, accents", async ({ tenant }) => {
    const strings = ["a", "A", "a ", " a", "ä", "a\u0308", "a\n", "%", "_", "\\", "'", '"', "$$", "🛒".repeat(50)];
    await tenant.addJobs(...strings.map((string) => ({ string })), { string: "" }, { string: null });
    await tenant.link();
    const batches = await tenant.batches();
    expect(new Set(batches.map((row) => row["batch_id"]))).toEqual(new Set(strings));
    expect(batches).toHaveLength(strings.length);
    expect(batches.every((row) => row["total_count"] === 1)).toBe(true);
    expect((await tenant.jobs()).filter((row) => row["batch_job_id"] === null)).toHaveLength(2);
  });
});

describe("a batch row that was there", () => {
  test("takes the jobs that carry its string, and is counted anew", async ({ tenant }) => {
    const batch = await tenant.addBatch(S, { total_count: 3, status: "running", priority: 1 });
    await tenant.addJobs({ string: S, batch, status: "completed", completedAt: "2026-01-15T10:00:09Z" });
    await tenant.addJobs({ batch, status: "failed", completedAt: "2026-01-15T10:00:08Z" });
    await tenant.addJobs({ string: S, status: "completed", completedAt: "2026-01-15T10:00:10Z" });
    await tenant.link();
    expect(await tenant.batch(S)).toMatchObject({
      total_count: 3,
      completed_count: 2,
      failed_count: 1,
      status: "partially_failed",
      priority: 1,
      completed_at: "2026-01-15T10:00:10+00:00",
      pruned_at: null,
    });
  });

  test("stays cancelled, and ended when it ended, whatever joins it", async ({ tenant }) => {
    await tenant.addBatch(S, {
      total_count: 1,
      cancelled_count: 1,
      status: "cancelled",
      completed_at: "2026-01-15T10:00:01Z",
    });
    const [batch] = await tenant.batches();
    await tenant.addJobs({ batch: batch?.["id"] as number, status: "cancelled" });
    await tenant.addJobs({ string: S, status: "pending" }, { string: S, status: "completed" });
    await tenant.link();
    expect(await tenant.batch(S)).toMatchObject({
      status: "cancelled",
      total_count: 3,
      completed_count: 1,
      cancelled_count: 1,
      completed_at: "2026-01-15T10:00:01+00:00",
    });
  });

  test("that runs is never pending again", async ({ tenant }) => {
    const batch = await tenant.addBatch(S, { total_count: 1, status: "running", started_at: "2026-01-15T09:00:00Z" });
    await tenant.addJobs({ batch, status: "paused" });
    await tenant.link();
    expect(await tenant.batch(S)).toMatchObject({ status: "running", started_at: "2026-01-15T09:00:00+00:00" });
  });

  test("that one expired job kept running has failed jobs and an end", async ({ tenant }) => {
    const batch = await tenant.addBatch(S, { total_count: 2, completed_count: 1, status: "running" });
    await tenant.addJobs(
      { batch, status: "completed", completedAt: "2026-01-15T10:00:09Z" },
      { batch, status: "expired", completedAt: "2026-01-15T11:00:00Z" },
    );
    await tenant.link();
    expect(await tenant.batch(S)).toMatchObject({
      failed_count: 1,
      status: "partially_failed",
      completed_at: "2026-01-15T11:00:00+00:00",
    });
  });

  test("whose jobs the legacy system deleted keeps its counters, and says so", async ({ tenant }) => {
    const ended = { total_count: 100, status: "completed", completed_at: "2026-01-10T00:00:00Z" };
    await tenant.addBatch("all gone", { ...ended, completed_count: 100 });
    const some = await tenant.addBatch("some gone", {
      ...ended,
      completed_count: 90,
      failed_count: 4,
      status: "running",
      completed_at: null,
    });
    await tenant.addJobs({ batch: some, status: "completed" }, { batch: some, status: "pending" });
    for (let job = 0; job < 5; job++) await tenant.addJobs({ batch: some, status: "expired" });
    const before = await tenant.batches();
    await tenant.link();
    const now = expect.any(String);
    expect(await tenant.batch("all gone")).toEqual({ ...before[0], pruned_at: now });
    // One more failed than was counted: the five that are there prove it.
    expect(await tenant.batch("some gone")).toEqual({ ...before[1], failed_count: 5, pruned_at: now });
  });

  test("whose jobs the legacy system deleted grows by what is unfinished among those that join", async ({ tenant }) => {
    const batch = await tenant.addBatch(S, {
      total_count: 10,
      completed_count: 10,
      status: "completed",
      completed_at: "2026-01-10T00:00:00Z",
    });
    await tenant.addJobs({ batch, status: "completed" });
    await tenant.addJobs({ string: S, status: "completed" }, { string: S, status: "running" });
    await tenant.link();
    expect(await tenant.batch(S)).toMatchObject({
      total_count: 11,
      completed_count: 10,
      status: "running",
      completed_at: null,
      pruned_at: expect.any(String),
    });
  });

  test("that is being filled is no deleted one", async ({ tenant }) => {
    const batch = await tenant.addBatch(S, { total_count: 50 });
    await tenant.addJobs({ batch }, { batch });
    const before = await tenant.batches();
    await tenant.link();
    expect(await tenant.batches()).toEqual(before);
  });

  test("without any job is left alone", async ({ tenant }) => {
    await tenant.addBatch("empty");
    await tenant.addBatch("ended", { status: "completed", completed_at: "2026-01-10T00:00:00Z" });
    const before = await tenant.batches();
    await tenant.link();
    expect(await tenant.batches()).toEqual(before);
  });
});

describe("linking", () => {
  test("again changes nothing at all", async ({ db, schema, tenant }) => {
    const batch = await tenant.addBatch("deleted", { total_count: 10, completed_count: 10, status: "completed" });
    await tenant.addJobs({ batch, status: "completed" }, { string: "deleted", status: "running" });
    await tenant.addJobs({ string: S }, { string: S, status: "failed" }, { string: "" }, {});
    await tenant.link();
    const once = await tenantAsItIs(db, schema);
    await tenant.link();
    expect(await tenantAsItIs(db, schema)).toEqual(once);
  });

  test("again adds the jobs that a pruned batch was joined by, once", async ({ tenant }) => {
    const jobs = await tenant.addJobs(
      { string: S, status: "completed" },
      { string: S, status: "completed" },
      { string: S, status: "failed" },
    );
    await tenant.link();
    await tenant.deleteJobs(jobs.slice(0, 2));
    await tenant.link();
    expect(await tenant.batch(S)).toMatchObject({ total_count: 3, completed_count: 2, pruned_at: expect.any(String) });
    await tenant.addJobs({ string: S, status: "completed" }, { string: S, status: "cancelled" });
    for (let time = 0; time < 2; time++) {
      await tenant.link();
      expect(await tenant.batch(S)).toMatchObject({
        total_count: 5,
        completed_count: 3,
        failed_count: 1,
        cancelled_count: 1,
        status: "partially_failed",
      });
    }
  });

  test("is refused while a job carries one batch's string and another's key, and the tenant is as it was", async ({
    db,
    schema,
    tenant,
  }) => {
    const one = await tenant.addBatch("one");
    await tenant.addBatch("two");
    await tenant.addJobs(
      { string: "one", batch: one },
      { string: "", batch: one },
      { batch: one },
      { string: "three" },
    );
    const ids = await tenant.addJobs(...Array.from({ length: 12 }, () => ({ string: "two", batch: one })));
    const before = await tenantAsItIs(db, schema);
    expect(await refusalOf(tenant.link())).toEqual({
      code: "MJ004",
      message: `12 jobs carry the string of one batch and the key of another: ${ids.slice(0, 10).join(", ")}, ….`,
      hint: expect.stringContaining("Decide for each which is right"),
      detail: { count: 12, jobIds: ids.slice(0, 10) },
    });
    expect(await tenantAsItIs(db, schema)).toEqual(before);
  });

  test("is refused by case alone: a key to a batch that is spelt otherwise is another batch's", async ({ tenant }) => {
    const batch = await tenant.addBatch("Nightly");
    const [id] = await tenant.addJobs({ string: "nightly", batch });
    expect(await refusalOf(tenant.link())).toMatchObject({ code: "MJ004", detail: { count: 1, jobIds: [id] } });
  });
});
