import pg from "pg";
import type { Fleet } from "./tenant-fleet.js";

/** Whoever has applied the last migration has dropped the column, whatever his ledger looks like. */
export async function assertColumnIsGone({ url, schemas }: Fleet): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ tables: number; columns: number }>(
      `select count(distinct jobs.oid)::int as tables, count(deprecated.attname)::int as columns
       from pg_catalog.pg_class as jobs
       join pg_catalog.pg_namespace as namespace on namespace.oid = jobs.relnamespace
       left join pg_catalog.pg_attribute as deprecated on deprecated.attrelid = jobs.oid
         and deprecated.attname = 'batch_id' and not deprecated.attisdropped
       where jobs.relname = 'marketplace_jobs' and namespace.nspname = any($1)`,
      [schemas],
    );
    const [found] = rows;
    if (found?.tables !== schemas.length || found.columns > 0) {
      throw new Error(
        `of ${schemas.length} tenants ${found?.tables} have their jobs and ${found?.columns} the old column`,
      );
    }
  } finally {
    await client.end();
  }
}
