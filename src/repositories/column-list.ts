import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/**
 * The columns of a table for raw SQL, such as `j.id, j.marketplace`. With a prefix each is renamed by it, so that two
 * tables fit one row. The names are constants of this library and need no quoting.
 */
export function columnList(alias: string, columns: readonly string[], prefix?: string): RawBuilder<unknown> {
  return sql.raw(
    columns.map((name) => `${alias}.${name}${prefix === undefined ? "" : ` as ${prefix}${name}`}`).join(", "),
  );
}
