import { sql } from "kysely";
import { describe, expect } from "vitest";
import { forTenant } from "../../../src/repositories/for-tenant.js";
import { firstStatementOf, planOf } from "./statement-plan.js";
import { tenantTest as test } from "./tenant-fixture.js";

const WAITING_BATCHES = 5_000;
const vinted = { marketplace: "vinted", actionCode: "publish" };

describe("a claim of several jobs", () => {
  test("looks up the batches that it starts, however many others wait", async ({
    db,
    pool,
    schema,
    table,
    tenant: _created,
  }) => {
    await sql`
      with batch as (
        insert into ${table("batch_jobs")} (batch_id, marketplace, action_code, total_count)
        select 'waiting-' || i, 'vinted', 'publish', 2 from generate_series(1, ${WAITING_BATCHES}::integer) i
        returning id
      )
      insert into ${table("marketplace_jobs")} (marketplace, batch_job_id, action_type_id, status, expires_at)
      select 'vinted', batch.id, 3, 'pending', now() + interval '1 hour' from batch, generate_series(1, 2)`.execute(db);
    await sql`vacuum analyze ${table("marketplace_jobs")}`.execute(db);
    await sql`vacuum analyze ${table("batch_jobs")}`.execute(db);

    for (const limit of [10, 50, 300]) {
      const { sequentialScans, buffers } = await planOf(pool, (on) =>
        forTenant(on, schema).jobs.claimJobs({ marketplace: "vinted", limit }),
      );
      expect(sequentialScans).toEqual([]);
      // Most of it is writing: a job into four indexes, every other one's batch into two.
      expect(buffers).toBeLessThan(40 * limit);
    }
  });

  test("starts the batches of its jobs and no others", async ({ db, table, jobs, batches }) => {
    for (const batchId of ["first", "second", "third"]) {
      await batches.createBatch({ ...vinted, batchId, productIds: [1, 2] });
    }
    const claimed = await jobs.claimJobs({ marketplace: "vinted", limit: 3 });
    const { rows } = await sql`
      select id from ${table("batch_jobs")} where status = 'running' and started_at is not null order by id`.execute(
      db,
    );
    expect(rows).toEqual([...new Set(claimed.map(({ batchJobId }) => batchJobId))].map((id) => ({ id })));
    expect(rows).toHaveLength(2);
  });

  test("comes most urgent first, also within one millisecond", async ({ db, table, jobs, batches }) => {
    await batches.createBatch({ ...vinted, productIds: [1, 2, 3, 4, 5, 6] });
    // The later the product, the earlier its job, a microsecond each; the last two go before all others.
    await sql`
      update ${table("marketplace_jobs")} set
        run_at = date_trunc('second', now()) - product_id * interval '1 microsecond',
        priority = case when product_id > 4 then 1 else 3 end`.execute(db);
    const claimed = await jobs.claimJobs({ marketplace: ["vinted", "ebay"], limit: 50 });
    expect(claimed.map(({ productId }) => productId)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  test("holds no more jobs than it takes: the next ones are somebody else's", async ({ db, schema, jobs }) => {
    await jobs.createJobs([1, 2, 3, 4, 5, 6, 7, 8].map((productId) => ({ ...vinted, productId })));
    const transaction = await db.startTransaction().execute();
    try {
      const first = await forTenant(transaction, schema).jobs.claimJobs({ marketplace: "vinted", limit: 5 });
      const second = await jobs.claimJobs({ marketplace: "vinted", limit: 5 });
      expect(first.map(({ productId }) => productId)).toEqual([1, 2, 3, 4, 5]);
      expect(second.map(({ productId }) => productId)).toEqual([6, 7, 8]);
    } finally {
      await transaction.rollback().execute();
    }
  });

  test("has one text for the limits up to the next power of two", async ({ schema }) => {
    const textOf = async (limit: number): Promise<string> =>
      (await firstStatementOf((on) => forTenant(on, schema).jobs.claimJobs({ marketplace: "vinted", limit }))).sql;
    const texts = await Promise.all(Array.from({ length: 1_000 }, (_, index) => textOf(index + 1)));
    // 1, 2, 4, … 1,024
    expect(new Set(texts).size).toBe(11);
  });
});
