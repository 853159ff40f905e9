import { once } from "node:events";
import { type Kysely, sql } from "kysely";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { JobTenant } from "../job-tenant.js";
import { ACTION_TYPE, type BatchRows, INPUT_DATA, INSERT_BATCH, JOB_COLUMNS, jobValues } from "./batch-rows.js";

/** One way of writing a batch and its jobs. */
export interface BatchWriter {
  readonly name: string;
  readonly write: (tenant: JobTenant, rows: BatchRows) => Promise<void>;
}

/** The protocol counts parameters in sixteen bits; eight a job. */
const JOBS_PER_INSERT = 5_000;

/** The first is the least that a program can do: one statement that looks nothing up and gives nothing back. */
export const batchWriters: readonly BatchWriter[] = [
  { name: "bare insert … select from unnest", write: writeBare },
  { name: "createBatch", write: writeOwn },
  { name: "COPY in a transaction", write: writeByCopy },
  { name: "Kysely by hand, values for many rows", write: writeByValues },
  { name: "row by row in a transaction", write: writeRowByRow },
  { name: "row by row, prepared", write: writeRowByRowPrepared },
];

async function writeBare({ pool }: JobTenant, { batchId, productIds }: BatchRows): Promise<void> {
  const { marketplace, code, id, priority, maxRetries } = ACTION_TYPE;
  await pool.query(
    `with batch as (
       insert into user_1.batch_jobs (batch_id, marketplace, action_code, total_count, priority)
       values ($1, $2, $3, $4, $5)
       returning id
     )
     insert into user_1.marketplace_jobs (${JOB_COLUMNS.join(", ")})
     select $2, batch.id, $6, product_id, $5, $7, $8, now() + interval '1 hour'
     from batch, unnest($9::bigint[]) product_id`,
    [batchId, marketplace, code, productIds.length, priority, id, maxRetries, JSON.stringify(INPUT_DATA), productIds],
  );
}

async function writeOwn({ repositories }: JobTenant, { batchId, productIds }: BatchRows): Promise<void> {
  const { marketplace, code: actionCode } = ACTION_TYPE;
  await repositories.batches.createBatch({ batchId, marketplace, actionCode, productIds, inputData: INPUT_DATA });
}

async function writeByCopy({ pool }: JobTenant, rows: BatchRows): Promise<void> {
  await inTransaction(pool, rows, async (client, batchJobId) => {
    const stream = client.query(copyFrom(`copy user_1.marketplace_jobs (${JOB_COLUMNS.join(", ")}) from stdin`));
    const lines = rows.productIds.map((productId) =>
      jobValues(batchJobId, productId)
        .map((value) => (value instanceof Date ? value.toISOString() : value))
        .join("\t"),
    );
    stream.end(`${lines.join("\n")}\n`);
    await once(stream, "finish");
  });
}

async function writeByValues({ db }: JobTenant, { batchId, productIds }: BatchRows): Promise<void> {
  const { marketplace, code, id, priority, maxRetries } = ACTION_TYPE;
  await db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ id: number }>`
      insert into user_1.batch_jobs (batch_id, marketplace, action_code, total_count, priority)
      values (${batchId}, ${marketplace}, ${code}, ${productIds.length}, ${priority})
      returning id`.execute(transaction);
    const jobs = transaction as unknown as Kysely<{ "user_1.marketplace_jobs": Record<string, unknown> }>;
    const expiresAt = new Date(Date.now() + 3_600_000);
    for (let start = 0; start < productIds.length; start += JOBS_PER_INSERT) {
      const values = productIds.slice(start, start + JOBS_PER_INSERT).map((productId) => ({
        marketplace,
        batch_job_id: rows[0]?.id,
        action_type_id: id,
        product_id: productId,
        priority,
        max_retries: maxRetries,
        input_data: JSON.stringify(INPUT_DATA),
        expires_at: expiresAt,
      }));
      await jobs.insertInto("user_1.marketplace_jobs").values(values).execute();
    }
  });
}

async function writeRowByRow(tenant: JobTenant, rows: BatchRows): Promise<void> {
  await insertOneByOne(tenant, rows, {});
}

async function writeRowByRowPrepared(tenant: JobTenant, rows: BatchRows): Promise<void> {
  await insertOneByOne(tenant, rows, { name: "insert job" });
}

async function insertOneByOne({ pool }: JobTenant, rows: BatchRows, statement: { name?: string }): Promise<void> {
  const parameters = JOB_COLUMNS.map((_, index) => `$${index + 1}`).join(", ");
  const text = `insert into user_1.marketplace_jobs (${JOB_COLUMNS.join(", ")}) values (${parameters})`;
  await inTransaction(pool, rows, async (client, batchJobId) => {
    for (const productId of rows.productIds) {
      await client.query({ ...statement, text, values: [...jobValues(batchJobId, productId)] });
    }
  });
}

/** What follows a batch's own row, in one transaction with it. */
async function inTransaction(
  pool: pg.Pool,
  { batchId, productIds }: BatchRows,
  insertJobs: (client: pg.PoolClient, batchJobId: number) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ id: number }>(INSERT_BATCH, [batchId, productIds.length]);
    await insertJobs(client, rows[0]?.id ?? Number.NaN);
    await client.query("commit");
  } finally {
    client.release();
  }
}
