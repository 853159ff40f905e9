import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/** A duration as an `interval`. */
export function duration(milliseconds: number): RawBuilder<unknown> {
  return sql`(${milliseconds}::double precision * interval '1 millisecond')`;
}
