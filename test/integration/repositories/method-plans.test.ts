import type { Kysely } from "kysely";
import { sql } from "kysely";
import { describe, expect } from "vitest";
import { errorCodes } from "../../../src/errors/error-code.js";
import { BatchJobRepository } from "../../../src/repositories/batch-job-repository.js";
import { forTenant, type TenantRepositories } from "../../../src/repositories/for-tenant.js";
import { JobStatsRepository } from "../../../src/repositories/job-stats-repository.js";
import { MarketplaceJobRepository } from "../../../src/repositories/marketplace-job-repository.js";
import { documentedMethods } from "./documented-methods.js";
import { allNodes, planOf } from "./statement-plan.js";
import { tenantTest } from "./tenant-fixture.js";

const DEFERRED_JOBS = 50_000;
const FINISHED_BATCHES = 400;
const FINISHED_JOBS = 100 * FINISHED_BATCHES;
/** Two pending and two running jobs, in the batch `open`. */
const [PENDING, RUNNING] = [
  [990_001, 990_002],
  [990_003, 990_004],
] as const;

/** A tenant with a past, fifty thousand deferred jobs in front of every queue, and one batch at work. */
const busyTest = tenantTest.extend("busy", async ({ db, tenant, table }) => {
  const [jobs, batches] = [table("marketplace_jobs"), table("batch_jobs")];
  await sql`
    insert into ${batches} (batch_id, marketplace, action_code, total_count, completed_count, status, created_at, completed_at)
    select 'past-' || i, 'vinted', 'publish', 100, 100, 'completed', now() - i * interval '1 minute', now()
    from generate_series(1, ${FINISHED_BATCHES}::integer) i`.execute(db);
  await sql`
    insert into ${jobs} (marketplace, batch_job_id, action_type_id, product_id, status, priority, created_at, completed_at)
    select 'vinted', 1 + i % ${FINISHED_BATCHES}::integer, 3, i, 'completed', 1 + i % 4, now() - i * interval '1 second',
      now() - interval '1 day'
    from generate_series(1, ${FINISHED_JOBS}::integer) i`.execute(db);
  await sql`
    insert into ${jobs} (marketplace, action_type_id, status, priority, run_at, expires_at)
    select (array['vinted', 'ebay'])[1 + i % 2], 3, 'pending', 1 + i % 4, now() + interval '1 day', now() + interval '2 days'
    from generate_series(1, ${DEFERRED_JOBS}::integer) i`.execute(db);
  await sql`
    with batch as (
      insert into ${batches} (batch_id, marketplace, action_code, total_count, status, started_at)
      values ('open', 'vinted', 'publish', 4, 'running', now())
      returning id
    )
    insert into ${jobs} (id, marketplace, batch_job_id, action_type_id, status, attempt, started_at, lease_expires_at, expires_at)
    select 990000 + i, 'vinted', batch.id, 3, case when i <= 2 then 'pending' else 'running' end, (i > 2)::integer,
      case when i > 2 then now() end, case when i > 2 then now() end, now() + interval '1 hour'
    from batch, generate_series(1, 4) i`.execute(db);
  await sql`vacuum analyze ${jobs}`.execute(db);
  await sql`vacuum analyze ${batches}`.execute(db);
  return tenant;
});

const vinted = { marketplace: "vinted", actionCode: "publish" };

const calls: Record<string, (tenant: TenantRepositories) => Promise<unknown>> = {
  getJob: ({ jobs }) => jobs.getJob(PENDING[0]),
  getJobsByBatchId: ({ jobs }) => jobs.getJobsByBatchId("past-7"),
  listJobs: ({ jobs }) => jobs.listJobs({ after: 20_000, limit: 50 }),
  listJobsWithBatches: ({ jobs }) => jobs.listJobsWithBatches({ after: 20_000, limit: 50 }),
  countJobsByStatus: ({ jobs }) => jobs.countJobsByStatus({ batchId: "past-7" }),
  getInterruptedJobs: ({ jobs }) => jobs.getInterruptedJobs(),
  createJob: ({ jobs }) => jobs.createJob({ ...vinted, idempotencyKey: "publish-17", batchId: "open" }),
  createJobs: ({ jobs }) => jobs.createJobs([1, 2, 3].map((productId) => ({ ...vinted, productId, batchId: "open" }))),
  claimJobs: ({ jobs }) => jobs.claimJobs({ marketplace: ["vinted", "ebay"], limit: 2 }),
  startJob: ({ jobs }) => jobs.startJob(PENDING[0]),
  extendLeases: ({ jobs }) => jobs.extendLeases(RUNNING),
  completeJob: ({ jobs }) => jobs.completeJob(RUNNING[0]),
  failJob: ({ jobs }) => jobs.failJob(RUNNING[0], "429", { retry: false }),
  acknowledgeCancel: ({ jobs }) => jobs.acknowledgeCancel(RUNNING[0]).catch(() => {}),
  settleJobs: ({ jobs }) => jobs.settleJobs(RUNNING.map((job) => ({ job, outcome: "completed" }))),
  pauseJob: ({ jobs }) => jobs.pauseJob(PENDING[0]),
  resumeJob: ({ jobs }) => jobs.resumeJob(PENDING[0]).catch(() => {}),
  cancelJob: ({ jobs }) => jobs.cancelJob(PENDING[0]),
  expireOverdueJobs: ({ jobs }) => jobs.expireOverdueJobs(),
  rescueLostJobs: ({ jobs }) => jobs.rescueLostJobs(),
  retryFailedJobs: ({ jobs }) => jobs.retryFailedJobs("past-7"),
  deleteFinishedJobs: ({ jobs }) => jobs.deleteFinishedJobs({ olderThan: new Date(), limit: 10 }),
  getBatch: ({ batches }) => batches.getBatch(7),
  getBatchByBatchId: ({ batches }) => batches.getBatchByBatchId("past-7"),
  getBatchSummary: ({ batches }) => batches.getBatchSummary("past-7"),
  listBatches: ({ batches }) => batches.listBatches({ after: 200, limit: 50 }),
  listActiveBatches: ({ batches }) => batches.listActiveBatches(),
  createBatch: ({ batches }) => batches.createBatch({ ...vinted, productIds: [1, 2, 3] }),
  cancelBatch: ({ batches }) => batches.cancelBatch("open"),
  auditBatches: ({ batches }) => batches.auditBatches(),
  repairBatch: ({ batches }) => batches.repairBatch("open"),
  getDailyStats: ({ stats }) => stats.getDailyStats({ days: 7 }),
};

function methodsOf(repository: { readonly prototype: object }): string[] {
  const names: string[] = [];
  for (let at = repository.prototype; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    names.push(...Object.getOwnPropertyNames(at).filter((name) => name !== "constructor"));
  }
  return names;
}

describe("docs/repository-methods.md", () => {
  tenantTest("names every method of a tenant's repositories and no other", async () => {
    const methods = [MarketplaceJobRepository, BatchJobRepository, JobStatsRepository].flatMap(methodsOf).toSorted();
    expect([...(await documentedMethods()).keys()].toSorted()).toEqual(methods);
    expect(Object.keys(calls).toSorted()).toEqual(methods);
  });

  busyTest(
    "says how many statements each takes, by which index, at what cost, locking what",
    async ({ db, pool, schema, statements, busy: _tenant }) => {
      for (const [method, documented] of await documentedMethods()) {
        const call = (on: Kysely<any>): Promise<unknown> => calls[method]!(forTenant(on, schema));
        const plan = await planOf(pool, call);
        const { root, indexes, buffers } = plan;
        const locks = new Set(
          allNodes(root)
            .filter((node) => node["Node Type"] === "ModifyTable")
            .map((node) => node["Relation Name"]!),
        );
        const rollback = new Error("rollback");
        let sent = 0;
        await db
          .transaction()
          .execute(async (transaction) => {
            sent = (await statements.during(() => call(transaction))).statements;
            throw rollback;
          })
          .catch((error: unknown) => {
            if (error !== rollback) throw error;
          });
        expect.soft({ method, sent }).toEqual({ method, sent: documented.statements });
        expect
          .soft({ method, indexes })
          .toMatchObject({ method, indexes: expect.arrayContaining([...documented.indexes]) });
        expect.soft({ method, locks: [...locks].toSorted() }).toEqual({ method, locks: documented.locks.toSorted() });
        expect.soft(buffers, `pages of ${method}`).toBeLessThanOrEqual(documented.pages);
        expect.soft(documented.errors.filter((code) => !(errorCodes as readonly string[]).includes(code))).toEqual([]);
      }
    },
  );
});
