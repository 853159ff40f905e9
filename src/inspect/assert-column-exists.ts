import { sql } from "kysely";
import { DEPRECATED_COLUMNS } from "../../migrations/deprecated-columns.js";
import type { TenantColumn } from "../column-use/column-use.js";
import { UnknownColumnError } from "../errors/unknown-column-error.js";
import { nearestName } from "../tenancy/nearest-name.js";
import type { DatabaseColumn } from "./inspect-database.js";

/**
 * Refuses a table or a column that no schema has: an answer of "clear" would only say that the name is wrong. A column
 * that a migration of ours drops is known even where all tenants have dropped it.
 */
export async function assertColumnExists(
  databases: readonly DatabaseColumn[],
  { table, column }: TenantColumn,
): Promise<void> {
  const found = databases.flatMap(({ columns }) => [...columns.values()]);
  if (found.some(({ hasColumn }) => hasColumn)) return;
  // What could not be read may have it.
  if (databases.some(({ failure }) => failure !== undefined)) return;
  const hasTable = found.some((schema) => schema.hasTable);
  if (hasTable && DEPRECATED_COLUMNS.some((known) => known.table === table && known.column === column)) return;
  const nearest = nearestName(hasTable ? column : table, await readNames(databases, hasTable ? table : undefined));
  const meant = nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
  throw new UnknownColumnError({
    code: "UNKNOWN_COLUMN",
    message: hasTable
      ? `No schema has a column ${JSON.stringify(column)} in its table ${JSON.stringify(table)}.`
      : `No schema has a table ${JSON.stringify(table)}.`,
    hint: `Names are compared exactly, upper and lower case included.${meant}`,
    details: { table, column, ...(nearest === undefined ? {} : { nearest }) },
  });
}

/** The columns of the table, or the tables, of the first schema that has any. */
async function readNames(databases: readonly DatabaseColumn[], table: string | undefined): Promise<string[]> {
  for (const { database, columns } of databases) {
    const [schema] = [...columns].find(([, found]) => table === undefined || found.hasTable) ?? [];
    if (schema === undefined) continue;
    const { rows } = await sql<{ name: string }>`
      select distinct ${table === undefined ? sql`class.relname` : sql`attribute.attname`}::text as name
      from pg_catalog.pg_class as class
      join pg_catalog.pg_attribute as attribute
        on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
      where class.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = ${schema})
        and class.relkind in ('r', 'p', 'f') and ${table === undefined ? sql`true` : sql`class.relname = ${table}`}
      order by 1
    `.execute(database.db);
    if (rows.length > 0) return rows.map(({ name }) => name);
  }
  return [];
}
