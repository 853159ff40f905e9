import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/** A duration as an `interval`: one that never changes as a constant of the text, one that does as a value. */
export function duration(milliseconds: number | RawBuilder<number>): RawBuilder<unknown> {
  return typeof milliseconds === "number"
    ? sql`interval ${sql.lit(`${milliseconds} milliseconds`)}`
    : sql`(${milliseconds}::double precision * interval '1 millisecond')`;
}
