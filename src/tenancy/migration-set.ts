import type { Migration } from "../../migrations/migration.js";
import * as z from "zod";
import { parseInput } from "../errors/parse-input.js";
import { UnknownMigrationError } from "../errors/unknown-migration-error.js";
import { nearestName } from "./nearest-name.js";

/** What the ledger's column `name varchar(255)` holds. */
const MAX_MIGRATION_NAME_LENGTH = 255;

const isFunction = (value: unknown): boolean => typeof value === "function";

const migration = z.custom<Migration>(
  (value) => {
    if (typeof value !== "object" || value === null) return false;
    const { up, down, script } = value as Record<string, unknown>;
    if (!isFunction(up) || !(down === undefined || isFunction(down))) return false;
    if (script === undefined) return true;
    if (typeof script !== "object" || script === null) return false;
    const rendered = script as Record<string, unknown>;
    return isFunction(rendered["up"]) && (rendered["down"] === undefined || isFunction(rendered["down"]));
  },
  { error: "must be a migration: an object with up(db), perhaps down(db), perhaps script: { up, down }" },
);

const migrationRecord = z.record(z.string(), migration).superRefine((record, context) => {
  const names = Object.keys(record);
  for (const [index, name] of names.entries()) {
    const problem = problemOfName(name, names[index - 1]);
    if (problem !== undefined) context.addIssue({ code: "custom", path: [name], message: problem });
  }
});

function problemOfName(name: string, before: string | undefined): string | undefined {
  if (name === "") return "a migration needs a name";
  if (name.length > MAX_MIGRATION_NAME_LENGTH) {
    return `a migration's name must not exceed ${MAX_MIGRATION_NAME_LENGTH} characters`;
  }
  // Anything else sorts differently here, in the database and in a listing of files.
  if (!/^[\x21-\x7e]+$/.test(name)) return "a migration's name must be printable ASCII without spaces";
  return before === undefined || name > before ? undefined : `stands after "${before}" but sorts before it`;
}

/** All migrations of one run, in the order in which they are applied. */
export interface MigrationSet {
  readonly names: readonly string[];
  readonly byName: ReadonlyMap<string, Migration>;
}

/**
 * Checks a record of migrations. They are applied in the order of their names by code unit, as Kysely applies them;
 * a record written in another order is refused, because its reader expects what stands there.
 */
export function parseMigrationSet(migrations: unknown, subject: string): MigrationSet {
  const record = parseInput(migrationRecord, migrations, {
    code: "INVALID_MIGRATIONS",
    subject,
    hint:
      "Migrations run in the order of their names by code unit. Number them with leading zeros (0009_, 0010_) and write " +
      "them in that order; your own go after ours: { ...migrations, ...yours }.",
  });
  return { names: Object.keys(record), byName: new Map(Object.entries(record)) };
}

/** Refuses a name that is none of the set's, naming the one that was probably meant. */
export function assertKnownMigration(set: MigrationSet, name: string): void {
  if (set.byName.has(name)) return;
  const nearest = nearestName(name, set.names);
  throw new UnknownMigrationError({
    code: "UNKNOWN_MIGRATION",
    message: `There is no migration "${name}".`,
    hint: nearest === undefined ? "The set of migrations is empty." : `Did you mean "${nearest}"?`,
    migration: name,
    details: { known: set.names },
  });
}
