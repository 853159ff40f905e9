import { describe, expect } from "vitest";
import type { TenantRepositories } from "../../../src/repositories/for-tenant.js";
import { tenantTest as test } from "./tenant-fixture.js";

const WORKERS = 8;
const JOBS = 2_000;

const layouts = [
  { name: "one batch of two thousand", batches: 1 },
  { name: "two hundred batches of ten", batches: 200 },
] as const;

describe.each(layouts)("eight workers on $name", ({ batches: count }) => {
  test("do each job exactly once, keep the counters exact, and hear of each end once", async ({ tenant, stats }) => {
    for (let number = 0; number < count; number += 1) {
      const productIds = Array.from({ length: JOBS / count }, (_, index) => index + 1);
      await tenant.batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds });
    }
    const done: number[] = [];
    const ended: string[] = [];
    await Promise.all(Array.from({ length: WORKERS }, (_, index) => work(tenant, index, done, ended)));

    expect(done.length).toBe(JOBS);
    expect(new Set(done).size).toBe(JOBS);
    expect(ended.length).toBe(count);
    expect(new Set(ended).size).toBe(count);
    expect(await tenant.batches.auditBatches()).toEqual([]);
    expect(await tenant.jobs.countJobsByStatus()).toMatchObject({ completed: JOBS, pending: 0, running: 0 });
    const [today] = await stats.getDailyStats({ days: 2 });
    expect(today).toMatchObject({ totalJobs: JOBS, successCount: JOBS, failureCount: 0 });
  });
});

/** Half of the workers take one job at a time, half of them a handful that they settle together. */
async function work({ jobs }: TenantRepositories, index: number, done: number[], ended: string[]): Promise<void> {
  const limit = index % 2 === 0 ? 1 : 10;
  for (;;) {
    const claimed = await jobs.claimJobs({ marketplace: "vinted", limit });
    const [first] = claimed;
    if (first === undefined) return;
    if (limit === 1) {
      const settled = await jobs.completeJob(first);
      done.push(first.id);
      if (settled?.finishedBatch !== undefined) ended.push(settled.finishedBatch.batchId);
    } else {
      const { settled, rejected, finishedBatches } = await jobs.settleJobs(
        claimed.map((job) => ({ job, outcome: "completed" })),
      );
      expect(rejected).toEqual([]);
      done.push(...settled.map(({ id }) => id));
      ended.push(...finishedBatches.map(({ batchId }) => batchId));
    }
  }
}
