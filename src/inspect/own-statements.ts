import { migrations } from "../../migrations/index.js";
import { shapesOf } from "./column-in-statement.js";

/** Stands in the statements by which an inspection reads the column itself, so that the next one does not find them. */
export const INSPECTION_MARK = "/* marketplace-jobs: inspection */";

/** The shapes of the statements that our migrations run: a sync is no use of the column that it links and drops. */
export function shapesOfMigrations(table: string): ReadonlySet<string> {
  const scripts = Object.values(migrations).flatMap(({ script }) => [
    script.up("tenant"),
    ...(script.down === undefined ? [] : [script.down("tenant")]),
  ]);
  return new Set(scripts.flatMap((script) => shapesOf(script, table)));
}
