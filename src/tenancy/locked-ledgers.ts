import { type Kysely, sql } from "kysely";
import { LEDGER_TABLE } from "./ledger.js";

/**
 * Those of the schemas on whose ledger, or on an index of it, somebody has an exclusive lock or waits for one, which
 * keeps later readers waiting as well. It looks at the lock table and waits for nobody.
 */
export async function readLockedLedgers(db: Kysely<any>, schemas: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ schema: string }>`
    select distinct namespace.nspname::text as schema
    from pg_catalog.pg_locks as lock
    left join pg_catalog.pg_index as index on index.indexrelid = lock.relation
    join pg_catalog.pg_class as ledger on ledger.oid = coalesce(index.indrelid, lock.relation)
    join pg_catalog.pg_namespace as namespace on namespace.oid = ledger.relnamespace
    where lock.locktype = 'relation' and lock.mode = 'AccessExclusiveLock'
      and lock.database = (select oid from pg_catalog.pg_database where datname = current_database())
      and ledger.relname = ${LEDGER_TABLE}
      and namespace.nspname in (select json_array_elements_text(${JSON.stringify(schemas)}::json))
  `.execute(db);
  return new Set(rows.map(({ schema }) => schema));
}
