import { describe, expect } from "vitest";
import { migrations, sharedMigrations } from "../../../migrations/index.js";
import { toJobResponse } from "../../../src/contract/index.js";
import { forTenant } from "../../../src/repositories/for-tenant.js";
import type { ListJobsFilter } from "../../../src/repositories/list-jobs-query.js";
import { databaseTest } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { planOf } from "../repositories/statement-plan.js";

/** A tenant that came from the legacy system with all its rows: 17 batches, 289 jobs of theirs and 42 others. */
const test = databaseTest.extend("tenant", async ({ db }) => {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  await loadLegacyTenant(db, "a", "user_10", 10, { data: true });
  for (const migration of Object.values(sharedMigrations)) await migration.up(db.withSchema("public"));
  for (const migration of Object.values(migrations)) await migration.up(db.withSchema("user_10"));
  return forTenant(db, "user_10");
});

const mixed = "publish_20260112_101544_c0ffee42";

describe("a list for clients that read the batch's string on each job", () => {
  test("has the jobs of the plain list in the same order, in one statement, whatever is asked for", async ({
    tenant: { jobs },
    statements,
  }) => {
    const [first] = await jobs.listJobs({ limit: 1, offset: 100 });
    const filters: readonly ListJobsFilter[] = [
      {},
      { limit: 1_000 },
      { limit: 7, offset: 11 },
      { limit: 90, after: first!.id },
      { marketplace: "ebay" },
      { batchId: mixed, status: ["failed", "expired"] },
      { batchId: "unknown" },
    ];
    for (const filter of filters) {
      const plain = await jobs.listJobs(filter);
      const { result, statements: count } = await statements.during(() => jobs.listJobsWithBatches(filter));
      expect(result.map(({ job }) => job)).toEqual(plain);
      expect(count).toBe(1);
    }
  });

  test("gives each job the string of its own batch, and none to a job without one", async ({
    tenant: { jobs, batches },
  }) => {
    const strings = new Map((await batches.listBatches({ limit: 1_000 })).map(({ id, batchId }) => [id, batchId]));
    const listed = await jobs.listJobsWithBatches({ limit: 1_000 });
    const answers = listed.map(({ job, batch }) => toJobResponse(job, { batch }));
    for (const { batch_job_id: id, batch_id: batchId } of answers) {
      expect(batchId).toBe(id === null ? null : strings.get(id));
    }
    expect(new Set(answers.map((answer) => answer.batch_id)).size).toBe(17 + 1);
    expect(answers.filter((answer) => answer.batch_id === null)).toHaveLength(42);
  });

  test("refuses what the plain list refuses, before any statement", async ({ tenant: { jobs }, statements }) => {
    const { roundTrips } = await statements.during(async () => {
      for (const filter of [{ limit: 0 }, { limit: 1_001 }, { after: 3, offset: 1 }, { page: 2 }]) {
        await expect(jobs.listJobsWithBatches(filter as ListJobsFilter)).rejects.toMatchObject({
          code: "INVALID_INPUT",
          message: expect.stringMatching(/^listJobsWithBatches: /u),
        });
      }
    });
    expect(roundTrips).toBe(0);
  });

  test("finds the page first and joins only what it shows", async ({ tenant: { batches }, pool }) => {
    for (let batch = 0; batch < 20; batch += 1) {
      const productIds = Array.from({ length: 60 }, (_, index) => index + 1);
      await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds });
    }
    await pool.query("analyze user_10.marketplace_jobs, user_10.batch_jobs");
    const plain = await planOf(pool, (db) => forTenant(db, "user_10").jobs.listJobs({ limit: 20 }));
    const joined = await planOf(pool, (db) => forTenant(db, "user_10").jobs.listJobsWithBatches({ limit: 20 }));
    expect(joined.indexes).toContain("marketplace_jobs_list_idx");
    expect(joined.sequentialScans).not.toContain("marketplace_jobs");
    // At most a look-up in the primary key of batch_jobs for each of the 20 jobs: its one leaf and the row's page.
    expect(joined.buffers).toBeLessThanOrEqual(plain.buffers + 20 * 2 + 2);
  });
});
