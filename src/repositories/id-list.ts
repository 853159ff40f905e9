import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/**
 * Any number of ids as one array, for `id = any (…)`. Unlike rows out of JSON, of which it expects a hundred whatever
 * there are, the planner sees how many these are, and reads one job by the index of even a small table.
 */
export function idList(ids: readonly number[]): RawBuilder<unknown> {
  return sql`${`{${ids.join(",")}}`}::text::integer[]`;
}
