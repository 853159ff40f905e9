import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/**
 * Any number of rows as one parameter, the text of a JSON array. Cast from text: a driver that serialises what it knows
 * to be JSON would quote the text once more.
 *
 * @param alias the name of the rows in the statement
 * @param columns the column definitions of the rows, such as `id integer, attempt integer`
 */
export function jsonRows(json: RawBuilder<string>, alias: string, columns: string): RawBuilder<unknown> {
  return sql`json_to_recordset(${json}::text::json) as ${sql.raw(alias)} (${sql.raw(columns)})`;
}
