import { PgBoss } from "pg-boss";
import { checkpoint, createDatabase } from "../own-database.js";
import { quietPool } from "../quiet-pool.js";
import { type JobQueue, jobData, WORKERS } from "./job-queue.js";

const QUEUE = "publish";

/** pg-boss by `fetch` and `complete`, as its documentation has it for whoever runs workers of his own; no polling. */
export async function openPgBossWorkers(serverUrl: string): Promise<JobQueue> {
  const database = await createDatabase(serverUrl);
  const pool = quietPool(database.url, 1);
  // What it does beside the jobs would only cost it time.
  const boss = new PgBoss({ connectionString: database.url, max: WORKERS, supervise: false, schedule: false });
  boss.on("error", () => {});
  await boss.start();
  await boss.createQueue(QUEUE);
  return {
    contender: ({ jobs, atATime }) => ({
      name: `pg-boss, fetch and complete`,
      async prepare() {
        await boss.deleteAllJobs(QUEUE);
        await boss.insert(
          QUEUE,
          Array.from({ length: jobs }, (_, index) => ({ data: jobData(index) })),
        );
        await pool.query("vacuum analyze");
        await checkpoint(serverUrl);
      },
      async run() {
        const worker = async (): Promise<void> => {
          for (;;) {
            const fetched = await boss.fetch(QUEUE, { batchSize: atATime });
            if (fetched.length === 0) return;
            await boss.complete(
              QUEUE,
              fetched.map(({ id }) => id),
            );
          }
        };
        await Promise.all(Array.from({ length: WORKERS }, worker));
      },
      async finish() {
        const { rows } = await pool.query<{ done: number }>(
          "select count(*)::integer as done from pgboss.job where state = 'completed'",
        );
        if (rows[0]?.done !== jobs) throw new Error(`pg-boss completed ${rows[0]?.done} of ${jobs} jobs`);
      },
    }),
    async close() {
      await boss.stop({ graceful: false });
      await pool.end();
      await database.drop();
    },
  };
}
