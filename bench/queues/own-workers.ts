import { Kysely, PostgresDialect } from "kysely";
import { coalesceJobCalls, forTenant, withPreparedStatements } from "marketplace-jobs";
import { createJobTenant } from "../job-tenant.js";
import { checkpoint } from "../own-database.js";
import { quietPool } from "../quiet-pool.js";
import { checkBatches, fillBatches } from "./batches-of-tenant.js";
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
          await fillBatches(tenant, jobs, batchSize);
          await tenant.pool.query("vacuum analyze");
          await checkpoint(serverUrl);
          finished = [];
        },
        async run() {
          const worker = (): Promise<void> => work({ jobs: called, atATime, ahead, finished });
          await Promise.all(Array.from({ length: WORKERS }, worker));
        },
        finish: () => checkBatches(tenant, jobs, finished),
      };
    },
    async close() {
      await preparing.destroy();
      await tenant.drop();
    },
  };
}
