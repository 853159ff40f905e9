import { PgBoss } from "pg-boss";
import { checkpoint, createDatabase } from "../own-database.js";
import { quietPool } from "../quiet-pool.js";
import { HostBatches } from "./host-batches.js";
import { batchesText, type JobQueue, jobData, type PeerLoad, WORKERS } from "./job-queue.js";

const QUEUE = "publish";

interface QueuedJob {
  readonly id: string;
  readonly data: { readonly batch: number };
}

/**
 * pg-boss by `fetch` and `complete`, as its documentation has it for whoever runs workers of his own; no polling. With
 * batches, what is fetched is completed in the transaction that counts it for its batches.
 */
export async function openPgBossWorkers(serverUrl: string): Promise<JobQueue<PeerLoad>> {
  const database = await createDatabase(serverUrl);
  const pool = quietPool(database.url, WORKERS);
  // What it does beside the jobs would only cost it time.
  const boss = new PgBoss({ connectionString: database.url, max: WORKERS, supervise: false, schedule: false });
  boss.on("error", () => {});
  await boss.start();
  await boss.createQueue(QUEUE);
  const host = await HostBatches.create(pool);
  return {
    contender: ({ jobs, atATime, batchSize }) => ({
      name: `pg-boss, fetch and complete${batchSize === undefined ? "" : `, with ${batchesText(jobs, batchSize)}`}`,
      async prepare() {
        await boss.deleteAllJobs(QUEUE);
        await boss.insert(
          QUEUE,
          Array.from({ length: jobs }, (_, index) => ({
            data: { ...jobData(index), ...(batchSize === undefined ? {} : { batch: Math.floor(index / batchSize) }) },
          })),
        );
        await host.fill(batchSize === undefined ? 0 : jobs, batchSize ?? 1);
        await pool.query("vacuum analyze");
        await checkpoint(serverUrl);
      },
      async run() {
        const complete = batchSize === undefined ? completeAlone : completeAndCount;
        const worker = async (): Promise<void> => {
          for (;;) {
            const fetched: readonly QueuedJob[] = await boss.fetch<QueuedJob["data"]>(QUEUE, { batchSize: atATime });
            if (fetched.length === 0) return;
            await complete(fetched);
          }
        };
        await Promise.all(Array.from({ length: WORKERS }, worker));
      },
      async finish() {
        const { rows } = await pool.query<{ done: number }>(
          "select count(*)::integer as done from pgboss.job where state = 'completed'",
        );
        if (rows[0]?.done !== jobs) throw new Error(`pg-boss completed ${rows[0]?.done} of ${jobs} jobs`);
        if (batchSize !== undefined) await host.check(jobs);
      },
    }),
    async close() {
      await boss.stop({ graceful: false });
      await pool.end();
      await database.drop();
    },
  };

  async function completeAlone(fetched: readonly QueuedJob[]): Promise<void> {
    await boss.complete(
      QUEUE,
      fetched.map(({ id }) => id),
    );
  }

  async function completeAndCount(fetched: readonly QueuedJob[]): Promise<void> {
    const client = await pool.connect();
    try {
      await client.query("begin");
      await boss.complete(
        QUEUE,
        fetched.map(({ id }) => id),
        null,
        { db: { executeSql: async (text, values) => client.query(text, values) } },
      );
      await host.count(
        client,
        fetched.map(({ data }) => data.batch),
      );
      await client.query("commit");
    } finally {
      client.release();
    }
  }
}
