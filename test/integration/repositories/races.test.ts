import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { forTenant } from "../../../src/repositories/for-tenant.js";
import { createTenant, tenantTest as test } from "./tenant-fixture.js";

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;

/** Waits until that many sessions of the database wait for a lock: both sides of a race have then arrived. */
async function untilWaiting(db: Kysely<any>, sessions: number): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ waiting: number }>`
      select count(*)::integer as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    if (rows[0]!.waiting >= sessions) return;
  }
}

describe("two callers at the same moment", () => {
  test("that complete the last two jobs of a batch end it once: the one that came last is told", async ({
    db,
    schema,
    jobs,
    batches,
  }) => {
    const { batch } = await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds: [1, 2] });
    const [first, second] = await jobs.claimJobs({ marketplace: "vinted", limit: 2 });
    const transaction = await db.startTransaction().execute();
    const early = await forTenant(transaction, schema).jobs.completeJob(first!);
    const late = jobs.completeJob(second!);
    await untilWaiting(db, 1);
    await transaction.commit().execute();

    expect(early?.finishedBatch).toBeUndefined();
    expect((await late)?.finishedBatch).toMatchObject({
      batchId: batch.batchId,
      status: "completed",
      completedCount: 2,
    });
  });

  test("that settle jobs of the same two batches in opposite orders both come through", async ({ jobs, batches }) => {
    for (const _ of [1, 2]) {
      await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds: [1, 2, 3, 4, 5, 6] });
    }
    const claimed = await jobs.claimJobs({ marketplace: "vinted", limit: 12 });
    const evens = claimed.filter((_, index) => index % 2 === 0);
    const odds = claimed.filter((_, index) => index % 2 === 1).toReversed();
    const results = await Promise.all(
      [evens, odds].map((part) => jobs.settleJobs(part.map((job) => ({ job, outcome: "completed" })))),
    );
    expect(results.flatMap(({ settled }) => settled).length).toBe(12);
    expect(results.flatMap(({ finishedBatches }) => finishedBatches).length).toBe(2);
  });

  test("that create a batch with one id get one batch, and one of them made it", async ({ batches, jobs }) => {
    const batchId = "publish_20260115_101530_0000abcd";
    const newBatch = { marketplace: "vinted", actionCode: "publish", productIds: [1, 2, 3], batchId };
    const results = await Promise.all(Array.from({ length: 8 }, () => batches.createBatch(newBatch)));
    expect(new Set(results.map(({ batch }) => batch.id)).size).toBe(1);
    expect(results.filter(({ created }) => created).length).toBe(1);
    expect((await jobs.getJobsByBatchId(batchId)).length).toBe(3);
  });

  test("that create a job with one idempotency key get one job, and one of them made it", async ({ jobs }) => {
    const newJob = { marketplace: "vinted", actionCode: "publish", productId: 7, idempotencyKey: "publish-7" };
    const results = await Promise.all(Array.from({ length: 8 }, () => jobs.createJob(newJob)));
    expect(new Set(results.map(({ job }) => job.id)).size).toBe(1);
    expect(results.filter(({ created }) => created).length).toBe(1);
    expect(await jobs.countJobsByStatus()).toMatchObject({ pending: 1 });
  });

  test("the second with a key that the first has not committed yet gets the first's job", async ({
    db,
    schema,
    jobs,
  }) => {
    const newJob = { marketplace: "vinted", actionCode: "publish", productId: 7, idempotencyKey: "publish-7" };
    const transaction = await db.startTransaction().execute();
    const { job } = await forTenant(transaction, schema).jobs.createJob(newJob);
    const second = jobs.createJob(newJob);
    await untilWaiting(db, 1);
    await transaction.commit().execute();
    expect(await second).toMatchObject({ created: false, job: { id: job.id } });
  });

  test("a job that is being claimed is not expired, and one that is being expired is not claimed", async ({
    db,
    schema,
    jobs,
    table,
  }) => {
    const { job } = await jobs.createJob({ marketplace: "vinted", actionCode: "publish" });
    const claim = await db.startTransaction().execute();
    expect(await forTenant(claim, schema).jobs.claimJobs({ marketplace: "vinted", limit: 1 })).toHaveLength(1);
    expect((await jobs.expireOverdueJobs()).jobs).toEqual([]);
    await claim.rollback().execute();

    await sql`update ${table("marketplace_jobs")} set expires_at = now() - interval '1 second'`.execute(db);
    const expiry = await db.startTransaction().execute();
    expect((await forTenant(expiry, schema).jobs.expireOverdueJobs()).jobs).toMatchObject([{ id: job.id }]);
    expect(await jobs.claimJobs({ marketplace: "vinted", limit: 1 })).toEqual([]);
    await expiry.commit().execute();
  });

  test("workers of several marketplaces take the oldest jobs of all of them, and hold none that they do not take", async ({
    db,
    schema,
    jobs,
  }) => {
    const ids: number[] = [];
    for (const marketplace of ["vinted", "ebay", "vinted", "vinted", "ebay", "vinted", "ebay", "vinted", "ebay"]) {
      const runAt = new Date(Date.now() - 60_000 + ids.length);
      ids.push((await jobs.createJob({ marketplace, actionCode: "publish", runAt })).job.id);
    }
    const open = await Promise.all([1, 2, 3].map(() => db.startTransaction().execute()));
    const claimed: number[] = [];
    for (const transaction of open) {
      const claim = { marketplace: ["vinted", "ebay"], limit: 3 };
      claimed.push(...(await forTenant(transaction, schema).jobs.claimJobs(claim)).map(({ id }) => id));
    }
    for (const transaction of open) await transaction.rollback().execute();
    expect(claimed).toEqual(ids);
  });

  test("the one that cancels and the one that completes agree on what came first", async ({
    db,
    schema,
    jobs,
    batches,
  }) => {
    const { batch } = await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds: [1] });
    const [job] = await jobs.claimJobs({ marketplace: "vinted", limit: 1 });
    const cancel = await db.startTransaction().execute();
    await forTenant(cancel, schema).jobs.cancelJob(job!.id);
    const completion = jobs.completeJob(job!);
    await untilWaiting(db, 1);
    await cancel.commit().execute();
    expect(await completion).toMatchObject({ job: { status: "completed" }, finishedBatch: { status: "completed" } });
    await expect(jobs.cancelJob(job!.id)).rejects.toMatchObject({ code: "ILLEGAL_JOB_TRANSITION" });
    expect(await batches.getBatch(batch.id)).toMatchObject({ status: "completed", completedCount: 1 });
  });
});

describe("a worker that has lost its job", () => {
  test("cannot settle the attempt that another worker has begun since", async ({ db, jobs, table }) => {
    await jobs.createJob({ marketplace: "vinted", actionCode: "publish" });
    const [lost] = await jobs.claimJobs({ marketplace: "vinted", limit: 1 });
    await sql`update ${table("marketplace_jobs")} set lease_expires_at = now() - interval '1 second'`.execute(db);
    await jobs.rescueLostJobs();
    await sql`update ${table("marketplace_jobs")} set run_at = now()`.execute(db);
    const [current] = await jobs.claimJobs({ marketplace: "vinted", limit: 1 });

    await expect(jobs.completeJob(lost!)).rejects.toMatchObject({ code: "STALE_ATTEMPT" });
    await expect(jobs.failJob(lost!, "too late")).rejects.toMatchObject({ code: "STALE_ATTEMPT" });
    expect((await jobs.extendLeases([lost!])).lost).toEqual([{ id: lost!.id, attempt: lost!.attempt }]);
    expect(await jobs.getJob(lost!.id)).toMatchObject({ status: "running", attempt: current!.attempt });
    expect((await jobs.completeJob(current!))?.job.status).toBe("completed");
  });

  test("whose backend is killed between claim and settle leaves a job that is rescued, and a batch that ends", async ({
    db,
    schema,
    jobs,
    batches,
    table,
  }) => {
    const { batch } = await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds: [1, 2] });
    const claimed = await jobs.claimJobs({ marketplace: "vinted", limit: 2 });
    const dying = await db.startTransaction().execute();
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(dying);
    await forTenant(dying, schema).jobs.completeJob(claimed[0]!);
    await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(db);
    await expect(dying.commit().execute()).rejects.toBeDefined();
    await dying.rollback().execute().catch(codeOf);

    expect(await jobs.getJob(claimed[0]!.id)).toMatchObject({ status: "running" });
    await sql`update ${table("marketplace_jobs")} set lease_expires_at = now(), retry_count = max_retries`.execute(db);
    const { finishedBatches } = await jobs.rescueLostJobs();
    expect(finishedBatches).toMatchObject([{ batchId: batch.batchId, status: "failed", failedCount: 2 }]);
    expect(await batches.auditBatches()).toEqual([]);
  });
});

describe("two tenants in one transaction", () => {
  test("each see their own jobs under the same ids", async ({ db, schema, tenant }) => {
    const other = `${schema}0`;
    await createTenant(db, other);
    await db.transaction().execute(async (transaction) => {
      const [here, there] = [forTenant(transaction, schema), forTenant(transaction, other)];
      const [mine, theirs] = [
        await here.jobs.createJob({ marketplace: "vinted", actionCode: "publish", productId: 1 }),
        await there.jobs.createJob({ marketplace: "ebay", actionCode: "update", productId: 2 }),
      ];
      expect(mine.job.id).toBe(theirs.job.id);
      expect((await here.jobs.startJob(mine.job.id))?.productId).toBe(1);
      expect((await there.jobs.getJob(theirs.job.id))?.status).toBe("pending");
    });
    expect(await tenant.jobs.countJobsByStatus()).toMatchObject({ running: 1, pending: 0 });
  });
});
