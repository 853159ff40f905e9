import * as z from "zod";

/**
 * Something in the database that uses a column.
 *
 * `blocks`: DROP COLUMN fails, or every write does afterwards. `vanishes`: PostgreSQL would drop it with the column,
 * without a word. Migration 0005 refuses for both. `names`: a function whose body names table and column, which breaks
 * if it means this column; a body is text until it runs. 0005 warns of it.
 */
export const columnUseSchema = z.object({
  effect: z.enum(["blocks", "vanishes", "names"]),
  /** `view`, `materialized view`, `rule`, `function`, `trigger`, `trigger function`, `policy`, `index`, … */
  kind: z.string(),
  /** As SQL names it, quoted where it has to be. */
  name: z.string(),
});

export interface ColumnUse extends Readonly<z.output<typeof columnUseSchema>> {}

/** One column of one table, in every schema that is looked at. */
export interface TenantColumn {
  readonly table: string;
  readonly column: string;
}
