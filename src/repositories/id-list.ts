import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/**
 * Any number of ids as one array, for `id = any (…)`. Unlike rows out of JSON, of which it expects a hundred whatever
 * there are, the planner sees how many these are, and reads one job by the index of even a small table.
 *
 * The text is the array itself, without a cast from text: such a cast is no constant to PostgreSQL, which would do it
 * anew for every row that it compares.
 */
export function idList(ids: readonly number[]): RawBuilder<unknown> {
  return sql`${`{${ids.join(",")}}`}::integer[]`;
}
