import { Logger, makeWorkerUtils, run, type Runner, type WorkerEvents } from "graphile-worker";
import { EventEmitter } from "node:events";
import type pg from "pg";
import { setTimeout } from "node:timers/promises";
import { createJobTenant } from "../job-tenant.js";
import { checkpoint } from "../own-database.js";
import { quietPool } from "../quiet-pool.js";
import { HostBatches } from "./host-batches.js";
import { HostTables } from "./host-tables.js";
import { inGroups } from "./in-groups.js";
import { hostText, type JobQueue, jobData, type PeerLoad, WORKERS } from "./job-queue.js";

const TASK = "publish";
const PATIENCE_MS = 10_000;
const silent = new Logger(() => () => {});

/**
 * graphile-worker runs the workers itself. One job at a time is its default; for more it has a local queue, and
 * completes in groups, as its page on performance recommends. It deletes a job that is done, and the next one does not
 * wait for that. With a host that keeps its jobs, a job marks its row when it starts and before it ends: by itself where
 * jobs are taken one by one, else as many run at once as the local queue holds, and one statement goes for those that
 * are at it together.
 */
export async function openGraphileWorkers(serverUrl: string): Promise<JobQueue<PeerLoad>> {
  const tenant = await createJobTenant(serverUrl, WORKERS);
  // Two connections more than workers, as it recommends.
  const pool = quietPool(tenant.url, WORKERS + 2);
  const queue = await makeWorkerUtils({ pgPool: pool, logger: silent });
  await queue.migrate();
  const hostPool = quietPool(tenant.url, WORKERS);
  const hosts = { "lean tables": await HostBatches.create(hostPool), "the same tables": new HostTables(tenant) };
  return {
    contender(load) {
      const { jobs, atATime, ahead } = load;
      const host = load.host && hosts[load.host.keeping];
      const isDefault = atATime === 1 && ahead === 0;
      const size = atATime * WORKERS * Math.max(1, ahead);
      const concurrency = isDefault || host === undefined ? WORKERS : size;
      const together = isDefault ? alone : inGroups;
      const start = together(async (jobIds) => host?.start(hostPool, jobIds));
      const settle = together(async (jobIds) => host?.settle(hostPool, jobIds));
      const batching = { localQueue: { size }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
      let runner: Runner | undefined;
      return {
        name: `graphile-worker, ${isDefault ? "default" : `local queue of ${size}`}${ahead === 0 ? "" : `, as many ahead`}${hostText(load)}`,
        async prepare() {
          await pool.query("truncate graphile_worker._private_jobs");
          await queue.addJobs(
            Array.from({ length: jobs }, (_, index) => ({
              identifier: TASK,
              payload: { ...jobData(index), jobId: index + 1 },
            })),
          );
          if (load.host !== undefined) await host?.fill(jobs, load.host.batchSize);
          await pool.query("vacuum analyze");
          await checkpoint(serverUrl);
        },
        async run(begin) {
          let done = 0;
          await new Promise<void>((resolve, reject) => {
            const end = (): void => {
              done += 1;
              if (done === jobs) resolve();
            };
            const startAndEnd = async (payload: unknown): Promise<void> => {
              const { jobId } = payload as { jobId: number };
              await start(jobId);
              await settle(jobId);
              end();
            };
            run({
              pgPool: pool,
              logger: silent,
              noHandleSignals: true,
              events: firstFetch(begin),
              concurrency,
              taskList: { [TASK]: host === undefined ? end : startAndEnd },
              preset: { worker: { concurrentJobs: concurrency, ...(isDefault ? {} : batching) } },
            }).then((started) => (runner = started), reject);
          });
          // A job that is done is completed a moment later.
          const askedAt = performance.now();
          while ((await jobsLeft(pool)) > 0) {
            if (performance.now() - askedAt > PATIENCE_MS) throw new Error("graphile-worker left jobs uncompleted");
            await setTimeout(1);
          }
        },
        async finish() {
          await runner?.stop();
          runner = undefined;
          await host?.check(jobs);
        },
      };
    },
    async close() {
      await queue.release();
      await hostPool.end();
      await pool.end();
      await tenant.drop();
    },
  };
}

function alone(send: (jobIds: readonly number[]) => Promise<void>): (jobId: number) => Promise<void> {
  return (jobId) => send([jobId]);
}

/** It looks at its schema and listens before it fetches its first jobs; that is not work. */
function firstFetch(begin: () => void): WorkerEvents {
  const events: WorkerEvents = new EventEmitter();
  let isBegun = false;
  const beginOnce = (): void => {
    if (!isBegun) begin();
    isBegun = true;
  };
  events.once("localQueue:setMode", beginOnce);
  events.once("worker:getJob:start", beginOnce);
  return events;
}

async function jobsLeft(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ left: number }>(
    "select count(*)::integer as left from graphile_worker._private_jobs",
  );
  return rows[0]?.left ?? Number.NaN;
}
