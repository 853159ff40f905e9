import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect } from "vitest";
import { batchStatus } from "../../../src/entities/batch-status-rule.js";
import { coalesceJobCalls } from "../../../src/repositories/coalesce-job-calls.js";
import type { TenantRepositories } from "../../../src/repositories/for-tenant.js";
import { RandomWorker } from "./random-history.js";
import { createTenant, tenantTest as test } from "./tenant-fixture.js";

const WORKERS = 12;
const STEPS = 60;
const HISTORIES = Number(process.env["RANDOM_HISTORIES"] ?? 4);

let tenants = 0;

const ways = [
  { way: "each by itself", worked: (tenant: TenantRepositories) => tenant },
  { way: "with the calls of workers together", worked: (tenant: TenantRepositories) => together(tenant, 1) },
  { way: "with these in two statements at a time", worked: (tenant: TenantRepositories) => together(tenant, 2) },
] as const;

describe.each(ways)("whatever workers, users and janitors do at the same time, $way", ({ worked }) => {
  test("counters equal a recount, every batch ends, and each end is told to exactly one", async ({
    db,
    actionTypes: _seeded,
  }) => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        tenants += 1;
        const schema = `user_9${process.pid}${tenants}`;
        const tenant = await createTenant(db, schema);
        const shared = worked(tenant);
        const told: string[] = [];
        const batchIds: string[] = [];
        const worker = (index: number): RandomWorker =>
          new RandomWorker({
            db,
            tenant: shared,
            jobsTable: sql.table(`${schema}.marketplace_jobs`),
            seed: seed + index,
            batchIds,
            hear: ({ batchId, completedAt }) => told.push(`${batchId} ended ${completedAt?.toISOString()}`),
          });
        await Promise.all(Array.from({ length: WORKERS }, (_, index) => worker(index).run(STEPS)));

        expect(await tenant.batches.auditBatches()).toEqual([]);
        await finishAllJobs(tenant, told, () =>
          sql`update ${sql.table(`${schema}.marketplace_jobs`)} set lease_expires_at = now() where status = 'running'`.execute(
            db,
          ),
        );

        expect(await tenant.batches.auditBatches()).toEqual([]);
        const ended = await Promise.all(batchIds.map((batchId) => tenant.batches.getBatchByBatchId(batchId)));
        for (const batch of ended) {
          expect(batch?.status).toBe(batchStatus(batch!, batch!.status));
          expect(batch!.completedCount + batch!.failedCount + batch!.cancelledCount).toBe(batch!.totalCount);
        }
        expect(new Set(told).size).toBe(told.length);
        expect(told).toEqual(
          expect.arrayContaining(ended.map((batch) => `${batch?.batchId} ended ${batch?.completedAt?.toISOString()}`)),
        );
      }),
      { numRuns: HISTORIES, endOnFailure: true },
    );
  });
});

/** The same repositories, with one place where the calls of all their workers meet. */
function together({ jobs, ...others }: TenantRepositories, concurrency: number): TenantRepositories {
  const calls = coalesceJobCalls(jobs, { concurrency });
  return { ...others, jobs: Object.assign(Object.create(jobs) as typeof jobs, calls) };
}

/** What is left open at the end of a history is brought to its end, by the same calls and heard in the same way. */
async function finishAllJobs(
  { jobs }: TenantRepositories,
  told: string[],
  loseLeases: () => Promise<unknown>,
): Promise<void> {
  const hear = (batches: readonly { readonly batchId: string; readonly completedAt: Date | null }[]): void => {
    told.push(...batches.map(({ batchId, completedAt }) => `${batchId} ended ${completedAt?.toISOString()}`));
  };
  for (;;) {
    await loseLeases();
    hear((await jobs.rescueLostJobs()).finishedBatches);
    for (const { id } of await jobs.listJobs({ status: "paused", limit: 1_000 })) {
      const cancelled = await jobs.cancelJob(id);
      hear(cancelled?.finishedBatch === undefined ? [] : [cancelled.finishedBatch]);
    }
    for (const { id } of await jobs.listJobs({ status: "pending", limit: 1_000 })) {
      const cancelled = await jobs.cancelJob(id);
      hear(cancelled?.finishedBatch === undefined ? [] : [cancelled.finishedBatch]);
    }
    const { pending, running, paused } = await jobs.countJobsByStatus();
    if (pending + running + paused === 0) return;
  }
}
