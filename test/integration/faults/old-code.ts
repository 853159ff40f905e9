import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import { pick } from "./fault-kind.js";
import type { WorkloadMeter } from "./workload-meter.js";

interface OldCodeParams {
  readonly pool: pg.Pool;
  /** Tenants that have a jobs table. */
  readonly schemas: readonly string[];
  /** Those among them that have batches. */
  readonly withBatches: readonly string[];
  readonly random: () => number;
  readonly meter: WorkloadMeter;
  readonly isOver: () => boolean;
}

/**
 * The application as it was: reads and writes the string in `marketplace_jobs`, and makes batches by their key.
 * Gives the string of each job whose writing was acknowledged, by schema and id.
 */
export async function runOldCode(params: OldCodeParams): Promise<ReadonlyMap<string, string>> {
  const { pool, schemas, withBatches, random, meter, isOver } = params;
  const written = new Map<string, string>();
  for (let turn = 1; !isOver(); turn += 1) {
    const schema = pick(random, schemas);
    const string = `publish_20260116_0800${turn % 7}`;
    const inserted = await meter.measure("insert", async () => {
      const { rows } = await pool.query<{ id: number }>(
        `insert into ${schema}.marketplace_jobs
           (batch_id, action_type_id, product_id, status, priority, input_data, retry_count, expires_at, created_at)
         values ($1, 3, 1, 'pending', 3, '{"price": "9.50"}', 0, now() + interval '1 hour', now()) returning id`,
        [string],
      );
      return rows[0]?.id;
    });
    if (inserted !== undefined) written.set(`${schema} ${inserted}`, string);
    await meter.measure("update", async () => {
      await pool.query(
        `update ${schema}.marketplace_jobs
         set status = 'completed', started_at = now(), completed_at = now(), result_data = '{}' where id = $1`,
        [inserted],
      );
    });
    await meter.measure("list by string", async () => {
      await pool.query(
        `select id, batch_id, batch_job_id, status, priority, created_at from ${schema}.marketplace_jobs
         where batch_id = $1 order by created_at`,
        [string],
      );
    });
    await meter.measure("count by status", async () => {
      await pool.query(`select status, count(*) from ${schema}.marketplace_jobs group by status`);
    });
    await meter.measure("batch by key", async () => await createBatchByKey(pool, pick(random, withBatches), turn));
    await wait(random() * 3);
  }
  return written;
}

/** As the newest of the old code does it: the batch, then its jobs, in one transaction. */
async function createBatchByKey(pool: pg.Pool, schema: string, turn: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ id: number }>(
      `insert into ${schema}.batch_jobs (batch_id, marketplace, action_code, total_count, priority)
       values ($1, 'vinted', 'publish', 1, 3) returning id`,
      [`keyed_${turn}_${Math.random()}`],
    );
    await client.query(
      `insert into ${schema}.marketplace_jobs (batch_job_id, action_type_id, product_id, status) values ($1, 3, 1, 'pending')`,
      [rows[0]?.id],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}
