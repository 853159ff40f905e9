import { createHash } from "node:crypto";
import type { PlainSqlMigration } from "../../migrations/index.js";

/** SHA-256 of each script, by its file in this folder. */
export type Seals = Readonly<Record<string, string>>;

/** A schema name that needs quoting, so that the seal also covers how names are quoted. */
const SCHEMA = `it's "50%"`;

export function sealsOf(group: string, migrations: Readonly<Record<string, PlainSqlMigration>>): Seals {
  const seals: Record<string, string> = {};
  for (const [name, { script }] of Object.entries(migrations)) {
    for (const direction of ["up", "down"] as const) {
      const sql = script[direction]?.(SCHEMA);
      if (sql !== undefined) seals[`${group}/${name}.${direction}.sql`] = createHash("sha256").update(sql).digest("hex");
    }
  }
  return seals;
}
