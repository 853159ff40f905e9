import { type Kysely, sql } from "kysely";
import { syncTenantSchemas } from "marketplace-jobs";

const BEFORE_THE_DROP = "0004_link_jobs_to_batches";

/** Goes back to before the drop, reads the strings there, and goes forward again; both ways as safely as any sync. */
export async function rollBackAndForward(db: Kysely<any>, schema: string): Promise<ReadonlyMap<string, string>> {
  await syncTenantSchemas(db, { tenants: [schema], to: BEFORE_THE_DROP, template: false });
  const strings = await readBatchStrings(db, schema);
  await syncTenantSchemas(db, { tenants: [schema], template: false });
  return strings;
}

/** The deprecated column: for each job that carries a batch string, by the job's own reference, the string. */
export async function readBatchStrings(db: Kysely<any>, schema: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ ref: string; batchId: string }>`
    select input_data->>'ref' as ref, batch_id as "batchId"
    from ${sql.table(`${schema}.marketplace_jobs`)}
    where batch_id <> ''`.execute(db);
  return new Map(rows.map(({ ref, batchId }) => [ref, batchId]));
}
