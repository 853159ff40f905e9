import { Kysely, PostgresDialect } from "kysely";
import { coalesceJobCalls, forTenant, withPreparedStatements } from "marketplace-jobs";
import { createJobTenant, type JobTenant } from "../job-tenant.js";
import { checkpoint } from "../own-database.js";
import { quietPool } from "../quiet-pool.js";
import { batchesText, type JobQueue, type QueueLoad, WORKERS } from "./job-queue.js";
import { work } from "./own-worker.js";

interface OwnLoad extends QueueLoad {
  readonly batchSize: number;
  /** Over connections that prepare their statements, as a host has them that needs no proxy. */
  readonly isPrepared: boolean;
  /** With the calls of all workers together. */
  readonly isCoalesced: boolean;
}

/** The library's own queue: all jobs belong to batches, whose counters move with them. */
export async function openOwnWorkers(serverUrl: string): Promise<JobQueue<OwnLoad>> {
  const tenant = await createJobTenant(serverUrl, WORKERS);
  const preparing = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: withPreparedStatements(quietPool(tenant.url, WORKERS)) }),
  });
  return {
    contender({ jobs, atATime, ahead, batchSize, isPrepared, isCoalesced }) {
      const settling = atATime === 1 && ahead === 0 ? "completeJob" : "settleJobs";
      const calls = [
        ...(isPrepared ? ["prepared, "] : []),
        ...(isCoalesced ? ["coalesceJobCalls, "] : []),
        ...(ahead === 0 ? [] : [`${ahead} turns ahead, `]),
      ].join("");
      const { jobs: repository } = isPrepared ? forTenant(preparing, "user_1") : tenant.repositories;
      const called = isCoalesced ? coalesceJobCalls(repository) : repository;
      let finished: string[] = [];
      return {
        name: `claimJobs and ${settling}, ${calls}${batchesText(jobs, batchSize)}`,
        async prepare() {
          await fill(tenant, jobs, batchSize);
          await checkpoint(serverUrl);
          finished = [];
        },
        async run() {
          const worker = (): Promise<void> => work({ jobs: called, atATime, ahead, finished });
          await Promise.all(Array.from({ length: WORKERS }, worker));
        },
        finish: () => checkCounters(tenant, jobs, finished),
      };
    },
    async close() {
      await preparing.destroy();
      await tenant.drop();
    },
  };
}

async function fill({ pool, repositories }: JobTenant, jobs: number, batchSize: number): Promise<void> {
  await pool.query(
    "truncate user_1.marketplace_jobs, user_1.batch_jobs, user_1.marketplace_job_stats restart identity",
  );
  const starts = Array.from({ length: Math.ceil(jobs / batchSize) }, (_, batch) => batch * batchSize).values();
  const filler = async (): Promise<void> => {
    for (const start of starts) {
      await repositories.batches.createBatch({
        batchId: `from_${start}`,
        marketplace: "vinted",
        actionCode: "publish",
        productIds: Array.from({ length: Math.min(batchSize, jobs - start) }, (_, index) => start + index + 1),
        inputData: { title: "a blue coat", price: 12.5 },
      });
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, filler));
  await pool.query("vacuum analyze");
}

/** All jobs done, every counter what a recount gives, and every batch told to be finished exactly once. */
async function checkCounters({ pool, repositories }: JobTenant, jobs: number, finished: string[]): Promise<void> {
  const { rows } = await pool.query<{ completed: number; counted: number; batches: number }>(`
    select
      (select count(*)::integer from user_1.marketplace_jobs where status = 'completed') as completed,
      coalesce(sum(completed_count), 0)::integer as counted,
      count(*) filter (where status = 'completed')::integer as batches
    from user_1.batch_jobs`);
  const discrepancies = await repositories.batches.auditBatches();
  const [found] = rows;
  const isExact =
    found?.completed === jobs &&
    found.counted === jobs &&
    discrepancies.length === 0 &&
    found.batches === finished.length &&
    new Set(finished).size === finished.length;
  if (!isExact) {
    throw new Error(
      `${found?.completed} of ${jobs} jobs done, ${found?.counted} counted, ${discrepancies.length} batches wrong, ${finished.length} told`,
    );
  }
}
