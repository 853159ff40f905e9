import { sql } from "kysely";
import { describe, expect } from "vitest";
import { tenantTest } from "./tenant-fixture.js";

const publish = { marketplace: "vinted", actionCode: "publish" };

describe("creating a batch", () => {
  tenantTest(
    "makes fifty thousand jobs in one statement, in the order given",
    async ({ batches, jobs, statements }) => {
      const productIds = Array.from({ length: 50_000 }, (_, index) => 50_000 - index);
      const count = await statements.during(() =>
        batches.createBatch({ ...publish, productIds, inputData: { price: 5 } }),
      );
      expect(count.statements).toBe(1);
      const { batch, created } = count.result;
      expect({ created, batch }).toMatchObject({ created: true, batch: { totalCount: 50_000, status: "pending" } });
      const page = await jobs.getJobsByBatchId(batch.batchId, { limit: 3 });
      expect(page).toMatchObject([
        { productId: 50_000, inputData: { price: 5 } },
        { productId: 49_999 },
        { productId: 49_998 },
      ]);
    },
  );

  tenantTest("gives the batch that exists", async ({ batches }) => {
    const first = await batches.createBatch({ ...publish, productIds: [1, 2], batchId: " exact " });
    const second = await batches.createBatch({ ...publish, productIds: [3], batchId: " exact " });
    expect(second).toEqual({ batch: first.batch, created: false });
  });

  tenantTest("of an unknown action names it and the known ones, and writes nothing", async ({ batches }) => {
    await expect(
      batches.createBatch({ marketplace: "etsy", actionCode: "relist", productIds: [1] }),
    ).rejects.toMatchObject({
      code: "UNKNOWN_ACTION_TYPE",
      message: expect.stringMatching(/"etsy" has no action type "relist"; known are etsy\/publish/) as string,
    });
    expect(await batches.listBatches()).toEqual([]);
  });
});

describe("creating jobs", () => {
  tenantTest("is all or nothing", async ({ jobs }) => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({ ...publish, productId: index + 1 }));
    await expect(jobs.createJobs([...many, { ...publish, batchId: "unknown" }])).rejects.toMatchObject({
      code: "UNKNOWN_BATCH",
    });
    expect(await jobs.listJobs()).toEqual([]);
  });

  tenantTest("answers in the order given, whatever exists and repeats", async ({ jobs }) => {
    const keyed = (idempotencyKey: string) => ({ ...publish, idempotencyKey });
    const { job } = await jobs.createJob(keyed("m"));
    const created = await jobs.createJobs([
      { ...publish, productId: 1 },
      keyed("z"),
      keyed("m"),
      { ...publish, productId: 2 },
      keyed("a"),
      keyed("z"),
    ]);
    expect(created.map((result) => result.created)).toEqual([true, true, false, true, true, false]);
    expect(created.map((result) => result.job.idempotencyKey ?? result.job.productId)).toEqual([
      1,
      "z",
      "m",
      2,
      "a",
      "z",
    ]);
    expect(created[2]!.job).toEqual(job);
  });

  tenantTest("in a batch counts them there, and a finished batch takes no more", async ({ jobs, batches }) => {
    const { batch } = await batches.createBatch({ ...publish, productIds: [1], batchId: "b" });
    await jobs.createJob({ ...publish, batchId: "b" });
    expect(await batches.getBatch(batch.id)).toMatchObject({ totalCount: 2 });
    await batches.cancelBatch("b");
    await expect(jobs.createJob({ ...publish, batchId: "b" })).rejects.toMatchObject({
      code: "BATCH_ALREADY_FINISHED",
    });
  });
});

describe("cancelling a batch", () => {
  tenantTest("ends what waits, asks what runs, and finishes with the last of these", async ({ jobs, batches }) => {
    await batches.createBatch({ ...publish, productIds: [1, 2, 3], batchId: "b" });
    const [running] = await jobs.claimJobs({ marketplace: "vinted", limit: 1 });
    const cancelled = await batches.cancelBatch("b");
    expect(cancelled).toMatchObject({ cancelledCount: 3, batch: { status: "cancelled", completedAt: null } });
    expect(cancelled).not.toHaveProperty("finishedBatch");
    expect((await jobs.completeJob(running!))!.finishedBatch).toMatchObject({ status: "cancelled", completedCount: 1 });
    await expect(batches.cancelBatch("b")).rejects.toMatchObject({ code: "BATCH_ALREADY_FINISHED" });
    await expect(jobs.retryFailedJobs("b")).rejects.toMatchObject({ code: "BATCH_ALREADY_FINISHED" });
    expect(await batches.cancelBatch("unknown")).toBeUndefined();
  });
});

describe("trying failed jobs again", () => {
  tenantTest("reopens the batch, which is told once more when it finishes", async ({ jobs, batches, stored }) => {
    await batches.createBatch({ ...publish, productIds: [1, 2], batchId: "b" });
    const [first, second] = await jobs.claimJobs({ marketplace: "vinted", limit: 2 });
    await jobs.failJob(first!, "gone", { retry: false });
    expect((await jobs.completeJob(second!))!.finishedBatch).toMatchObject({ status: "partially_failed" });
    const retried = await jobs.retryFailedJobs("b");
    expect(retried).toMatchObject({
      jobs: [{ id: first!.id, status: "pending", retryCount: 0, attempt: 1, completedAt: null }],
      batch: { status: "running", failedCount: 0, completedCount: 1, completedAt: null },
    });
    const [again] = await jobs.claimJobs({ marketplace: "vinted", limit: 1 });
    expect((await jobs.completeJob(again!))!.finishedBatch).toMatchObject({ status: "completed" });
    expect(await batches.auditBatches()).toEqual([]);
    expect(await stored.jobText(first!.id)).toContain("completed");
  });
});

describe("an audit", () => {
  tenantTest(
    "finds what other hands changed, and a repair mends it and tells the end",
    async ({ db, table, jobs, batches }) => {
      await batches.createBatch({ ...publish, productIds: [1, 2], batchId: "b" });
      await sql`update ${table("marketplace_jobs")} set status = 'completed'`.execute(db);
      expect(await batches.auditBatches()).toMatchObject([
        { batch: { batchId: "b" }, counted: { completedCount: 2 }, expectedStatus: "completed" },
      ]);
      const mended = await batches.repairBatch("b");
      expect(mended).toMatchObject({ repaired: true, finishedBatch: { status: "completed", completedCount: 2 } });
      expect(await batches.repairBatch("b")).toEqual({ batch: mended!.batch, repaired: false });
      expect(await jobs.deleteFinishedJobs({ olderThan: new Date(Date.now() + 7_200_000), limit: 1 })).toEqual({
        deletedCount: 1,
      });
      expect(await batches.getBatchByBatchId("b")).toMatchObject({
        completedCount: 2,
        prunedAt: expect.any(Date) as Date,
      });
      expect(await batches.auditBatches()).toEqual([]);
      await expect(batches.repairBatch("b")).rejects.toMatchObject({ code: "BATCH_PRUNED" });
    },
  );
});

describe("janitors", () => {
  tenantTest("an expired job counts as failed and ends its batch", async ({ db, table, jobs, batches }) => {
    await batches.createBatch({ ...publish, productIds: [1], batchId: "b" });
    await sql`update ${table("marketplace_jobs")} set expires_at = now() - interval '1 second'`.execute(db);
    expect(await jobs.claimJobs({ marketplace: "vinted", limit: 1 })).toEqual([]);
    expect(await jobs.expireOverdueJobs()).toMatchObject({
      jobs: [{ status: "expired" }],
      finishedBatches: [{ status: "failed", failedCount: 1 }],
    });
  });

  tenantTest("a job of the legacy system without a lease is lost an hour after its start", async ({ jobs, stored }) => {
    const started = (minutes: number) => ({ status: "running", started_at: new Date(Date.now() - minutes * 60_000) });
    const lost = await stored.insertJob(started(61));
    await stored.insertJob(started(59));
    expect((await jobs.rescueLostJobs()).jobs).toMatchObject([{ id: lost, status: "pending", retryCount: 1 }]);
  });

  tenantTest("legacy priorities outside 1–4 are claimed in their place", async ({ jobs, stored }) => {
    for (const priority of [9, 3, 0, -5, 7]) await stored.insertJob({ priority });
    const claimed = await jobs.claimJobs({ marketplace: ["ebay", "vinted"], limit: 10 });
    expect(claimed.map((job) => job.priority)).toEqual([-5, 0, 3, 7, 9]);
  });
});
