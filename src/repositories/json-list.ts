import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/** Any number of values as one parameter, the text of a JSON array; each comes out as a text. */
export function jsonList(json: RawBuilder<string>): RawBuilder<unknown> {
  return sql`json_array_elements_text(${json}::text::json)`;
}
