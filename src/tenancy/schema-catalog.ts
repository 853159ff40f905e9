import { type Kysely, sql } from "kysely";
import { LEDGER_TABLE } from "./ledger.js";
import { lockTableSize } from "./lock-table.js";
import { type ServerLimits, serverLimits } from "./server-limits.js";

/** A schema as the catalog shows it. */
export interface CatalogSchema {
  readonly schema: string;
  /** Whether the current role has USAGE on it. */
  readonly isUsable: boolean;
  readonly hasLedger: boolean;
  /** How many locks the server has room for; the same for all schemas, it comes along to spare a statement. */
  readonly lockTableSize: number;
}

export interface ReadCatalogOptions {
  /** Whether the rows tell what else the server has room for, for whoever will work on many schemas at once. */
  readonly withLimits?: boolean;
}

/**
 * All schemas of the database but PostgreSQL's own, or those of the given names, ordered by name; in one statement
 * that takes no lock on any of them. A role may see the names of schemas that it may not use.
 */
export async function readCatalog(
  db: Kysely<any>,
  names?: readonly string[],
  { withLimits = false }: ReadCatalogOptions = {},
): Promise<(CatalogSchema & Partial<ServerLimits>)[]> {
  const isNamed =
    names === undefined
      ? sql`namespace.nspname !~ '^pg_' and namespace.nspname <> 'information_schema'`
      : sql`namespace.nspname in (select json_array_elements_text(${JSON.stringify(names)}::json))`;
  const { rows } = await sql<CatalogSchema & Partial<ServerLimits>>`
    select namespace.nspname as schema,
           coalesce(has_schema_privilege(namespace.oid, 'usage'), false) as "isUsable",
           ledger.oid is not null as "hasLedger",
           ${withLimits ? serverLimits : sql`(select ${lockTableSize}) as "lockTableSize"`}
    from pg_catalog.pg_namespace namespace
    left join pg_catalog.pg_class ledger
      on ledger.relnamespace = namespace.oid and ledger.relname = ${LEDGER_TABLE} and ledger.relkind in ('r', 'p')
    where ${isNamed}
    order by namespace.nspname collate "C"
  `.execute(db);
  return rows;
}
