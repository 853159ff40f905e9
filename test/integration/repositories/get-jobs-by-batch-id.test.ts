import { sql } from "kysely";
import { expect } from "vitest";
import { tenantTest } from "./tenant-fixture.js";

const BATCH_ID = "publish_20260115_101530_a1b2c3d4";

const withBatch = tenantTest.extend("batchJobId", async ({ db, table, tenant: _created }) => {
  const { rows } = await sql<{ id: number }>`
    with batch as (
      insert into ${table("batch_jobs")} (batch_id, marketplace, action_code, total_count)
      values (${BATCH_ID}, 'vinted', 'publish', 5) returning id
    ), jobs as (
      insert into ${table("marketplace_jobs")} (marketplace, batch_job_id, action_type_id, product_id, status, created_at)
      select 'vinted', batch.id, 3, product, case when product = 4 then 'failed' else 'pending' end,
        timestamptz '2026-01-15 10:15:30.000001+00' + product % 2 * interval '1 microsecond'
      from batch, generate_series(1, 5) product
      order by product
    )
    select id from batch`.execute(db);
  return rows[0]!.id;
});

withBatch("the jobs of a batch come oldest first, then by id", async ({ jobs, batchJobId }) => {
  const found = await jobs.getJobsByBatchId(BATCH_ID);
  expect(found.map((job) => job.productId)).toEqual([2, 4, 1, 3, 5]);
  expect(new Set(found.map((job) => job.batchJobId))).toEqual(new Set([batchJobId]));
});

withBatch(
  "pages end where the next begin, though the jobs differ by a microsecond",
  async ({ jobs, batchJobId: _batch }) => {
    const pages: unknown[] = [];
    let after: number | undefined;
    for (;;) {
      const page = await jobs.getJobsByBatchId(BATCH_ID, { limit: 2, after });
      if (page.length === 0) break;
      pages.push(page.map((job) => job.productId));
      after = page.at(-1)!.id;
    }
    expect(pages).toEqual([[2, 4], [1, 3], [5]]);
  },
);

withBatch("a status narrows the list", async ({ jobs, batchJobId: _batch }) => {
  expect(await jobs.getJobsByBatchId(BATCH_ID, { status: "failed" })).toMatchObject([{ productId: 4 }]);
  expect(await jobs.getJobsByBatchId(BATCH_ID, { status: ["failed", "pending"] })).toHaveLength(5);
});

withBatch("an unknown batch has no jobs, and ids are compared exactly", async ({ jobs, batchJobId: _batch }) => {
  for (const batchId of ["unknown", ` ${BATCH_ID}`, BATCH_ID.toUpperCase()]) {
    expect(await jobs.getJobsByBatchId(batchId)).toEqual([]);
  }
});

withBatch(
  "the batch is resolved in the statement that lists its jobs",
  async ({ jobs, statements, batchJobId: _batch }) => {
    const count = await statements.during(() => jobs.getJobsByBatchId(BATCH_ID, { limit: 2, after: 1 }));
    expect(count).toMatchObject({ statements: 1, roundTrips: 1 });
  },
);

withBatch("malformed input is refused before any SQL", async ({ jobs, statements, batchJobId: _batch }) => {
  const malformed: [string, object][] = [
    ["", {}],
    ["x".repeat(101), {}],
    ["nul\u0000", {}],
    ["lone \ud800", {}],
    [BATCH_ID, { limit: 0 }],
    [BATCH_ID, { limit: 1.5 }],
    [BATCH_ID, { after: -1 }],
    [BATCH_ID, { status: "done" }],
    [BATCH_ID, { status: [] }],
    [BATCH_ID, { page: 2 }],
  ];
  const count = await statements.during(async () => {
    for (const [batchId, options] of malformed) {
      await expect(jobs.getJobsByBatchId(batchId, options)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    }
  });
  expect(count.statements).toBe(0);
});
