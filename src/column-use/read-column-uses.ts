import { type Kysely, sql } from "kysely";
import { chunksOf } from "../tenancy/schema-chunks.js";
import type { ColumnUse, TenantColumn } from "./column-use.js";
import { columnUseQuery } from "./column-use-query.js";
import { workOff } from "../tenancy/wait-for-all.js";

/** What the catalog says about the column in one schema. */
export interface SchemaColumn {
  readonly hasTable: boolean;
  readonly hasColumn: boolean;
  /** Ordered by effect, kind and name. */
  readonly uses: readonly ColumnUse[];
  /** The schema as SQL puts it before a name, with the dot: what to leave out to compare tenants. */
  readonly prefix: string;
}

interface ReadColumnUsesParams extends TenantColumn {
  readonly schemas: readonly string[];
  /** How many queries run at the same time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What uses a column in each of those schemas that exist. One query for a thousand schemas, which reads the catalog
 * and takes no lock on any table.
 */
export async function readColumnUses(
  db: Kysely<any>,
  { schemas, concurrency, signal, ...column }: ReadColumnUsesParams,
): Promise<Map<string, SchemaColumn>> {
  const found = new Map<string, SchemaColumn>();
  const query = sql.raw(columnUseQuery(column));
  await workOff(chunksOf(schemas), concurrency, async (chunk) => {
    signal?.throwIfAborted();
    const { rows } = await sql<Omit<SchemaColumn, "uses"> & { schema: string; uses: string }>`
        with wanted as materialized (
          select namespace.oid, namespace.nspname
          from pg_catalog.pg_namespace as namespace
          where namespace.nspname in (select json_array_elements_text(${JSON.stringify(chunk)}::json))
        ), ${query}
      `.execute(db);
    for (const { schema, uses, ...row } of rows) {
      found.set(schema, { ...row, uses: JSON.parse(uses) as ColumnUse[] });
    }
  });
  return found;
}
