import type { Kysely } from "kysely";
import { type Migration, migrations, plainSqlMigration, quoteIdentifier } from "../../../migrations/index.js";

type Direction = "up" | "down";

const SCRIPT = "0100_counted_script";
const FUNCTION = "0101_counted_function";

function count(direction: Direction): (schema: string) => string {
  return (schema) => `
    create table if not exists ${quoteIdentifier(schema)}.applications (name text not null, direction text not null);
    insert into ${quoteIdentifier(schema)}.applications (name, direction) values ('${SCRIPT}', '${direction}');`;
}

function countIn(direction: Direction): (tenant: Kysely<any>) => Promise<void> {
  return async (tenant) => {
    await tenant.insertInto("applications").values({ name: FUNCTION, direction }).execute();
  };
}

/** A host's migrations, one sent as a script and one run as a function. */
export const COUNTED: readonly string[] = [SCRIPT, FUNCTION];

/** Ours, and a host's that count how often they were applied. */
export const countedMigrations: Readonly<Record<string, Migration>> = {
  ...migrations,
  [SCRIPT]: plainSqlMigration({ up: count("up"), down: count("down") }),
  [FUNCTION]: { up: countIn("up"), down: countIn("down") },
};
