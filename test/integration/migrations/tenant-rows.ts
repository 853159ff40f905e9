import { type Kysely, sql } from "kysely";

/** A row as PostgreSQL prints it: times with microseconds, numbers unrounded. */
export type Row = Readonly<Record<string, unknown>>;

/** All rows of a table by id, each with the columns that it has now. */
export async function rowsOf(db: Kysely<any>, schema: string, table: string): Promise<readonly Row[]> {
  const { rows } = await sql<{ row: Row }>`
    select to_jsonb(t) as row from ${sql.id(schema, table)} as t order by t.id`.execute(db);
  return rows.map(({ row }) => row);
}

/** The rows with only those columns, for a comparison before and after a migration adds or drops some. */
export function pick(rows: readonly Row[], columns: readonly string[]): readonly Row[] {
  return rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
}

/** Which jobs each batch string leads to through the batch row, by job id. */
export async function jobsByString(db: Kysely<any>, schema: string): Promise<Map<string, number[]>> {
  const { rows } = await sql<{ batch_id: string; jobs: number[] }>`
    select batch.batch_id, array_agg(job.id order by job.id) as jobs
    from ${sql.id(schema, "marketplace_jobs")} as job
    join ${sql.id(schema, "batch_jobs")} as batch on batch.id = job.batch_job_id
    group by batch.batch_id`.execute(db);
  return new Map(rows.map(({ batch_id, jobs }) => [batch_id, jobs]));
}

/** Which jobs carry each non-empty string themselves, by job id. */
export async function jobsCarrying(db: Kysely<any>, schema: string): Promise<Map<string, number[]>> {
  const { rows } = await sql<{ batch_id: string; jobs: number[] }>`
    select batch_id, array_agg(id order by id) as jobs
    from ${sql.id(schema, "marketplace_jobs")}
    where batch_id <> ''
    group by batch_id`.execute(db);
  return new Map(rows.map(({ batch_id, jobs }) => [batch_id, jobs]));
}
