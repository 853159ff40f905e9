import { PgBoss } from "pg-boss";
import type pg from "pg";
import { createJobTenant } from "../job-tenant.js";
import { checkpoint } from "../own-database.js";
import { quietPool } from "../quiet-pool.js";
import { HostBatches } from "./host-batches.js";
import { HostTables } from "./host-tables.js";
import { hostText, type JobQueue, jobData, type PeerLoad, WORKERS } from "./job-queue.js";

const QUEUE = "publish";

interface QueuedJob {
  readonly id: string;
  readonly data: { readonly hostId: number };
}

/**
 * pg-boss by `fetch` and `complete`, as its documentation has it for whoever runs workers of his own; no polling. With
 * batches, what is fetched is completed in the transaction that counts it for its batches; on the same tables, what is
 * fetched is marked there first, and completed in the transaction that settles it there.
 */
export async function openPgBossWorkers(serverUrl: string): Promise<JobQueue<PeerLoad>> {
  const tenant = await createJobTenant(serverUrl, WORKERS);
  const pool = quietPool(tenant.url, WORKERS);
  // What it does beside the jobs would only cost it time.
  const boss = new PgBoss({ connectionString: tenant.url, max: WORKERS, supervise: false, schedule: false });
  boss.on("error", () => {});
  await boss.start();
  await boss.createQueue(QUEUE);
  const batches = await HostBatches.create(pool);
  const tables = new HostTables(tenant);
  return {
    contender(load) {
      const { jobs, atATime } = load;
      const host = load.host && (load.host.keeping === "lean tables" ? batches : tables);
      const handle = load.host === undefined ? complete : host === batches ? completeAndCount : startAndSettle;
      return {
        name: `pg-boss, fetch and complete${hostText(load)}`,
        async prepare() {
          await boss.deleteAllJobs(QUEUE);
          await boss.insert(
            QUEUE,
            Array.from({ length: jobs }, (_, index) => ({ data: { ...jobData(index), ...hostData(load, index) } })),
          );
          if (load.host !== undefined) await host?.fill(jobs, load.host.batchSize);
          await pool.query("vacuum analyze");
          await checkpoint(serverUrl);
        },
        async run() {
          const worker = async (): Promise<void> => {
            for (;;) {
              const fetched: readonly QueuedJob[] = await boss.fetch<QueuedJob["data"]>(QUEUE, { batchSize: atATime });
              if (fetched.length === 0) return;
              await handle(fetched);
            }
          };
          await Promise.all(Array.from({ length: WORKERS }, worker));
        },
        async finish() {
          const { rows } = await pool.query<{ done: number }>(
            "select count(*)::integer as done from pgboss.job where state = 'completed'",
          );
          if (rows[0]?.done !== jobs) throw new Error(`pg-boss completed ${rows[0]?.done} of ${jobs} jobs`);
          await host?.check(jobs);
        },
      };
    },
    async close() {
      await boss.stop({ graceful: false });
      await pool.end();
      await tenant.drop();
    },
  };

  async function complete(fetched: readonly QueuedJob[], client?: pg.PoolClient): Promise<void> {
    await boss.complete(
      QUEUE,
      fetched.map(({ id }) => id),
      null,
      client && { db: { executeSql: async (text, values) => client.query(text, values) } },
    );
  }

  async function completeAndCount(fetched: readonly QueuedJob[]): Promise<void> {
    const counted = fetched.map(({ data }) => data.hostId);
    await completeWith(fetched, (client) => batches.count(client, counted));
  }

  async function startAndSettle(fetched: readonly QueuedJob[]): Promise<void> {
    const jobIds = fetched.map(({ data }) => data.hostId);
    await tables.start(pool, jobIds);
    await completeWith(fetched, (client) => tables.settle(client, jobIds));
  }

  /** In one transaction with what the host writes. */
  async function completeWith(
    fetched: readonly QueuedJob[],
    write: (client: pg.PoolClient) => Promise<void>,
  ): Promise<void> {
    const client = await pool.connect();
    try {
      await client.query("begin");
      await complete(fetched, client);
      await write(client);
      await client.query("commit");
    } finally {
      client.release();
    }
  }
}

/** What a job carries for its host: the batch that it counts for, or the host's own job. */
function hostData({ host }: PeerLoad, index: number): { readonly hostId?: number } {
  if (host === undefined) return {};
  return { hostId: host.keeping === "lean tables" ? Math.floor(index / host.batchSize) : index + 1 };
}
