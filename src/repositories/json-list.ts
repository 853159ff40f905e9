import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/** Any number of values as one parameter; each comes out as a text. */
export function jsonList(values: readonly (string | number)[]): RawBuilder<unknown> {
  return sql`json_array_elements_text(${JSON.stringify(values)}::text::json)`;
}
