import type { MigrationStep } from "./migration-step.js";
import { isOurs } from "./our-migrations.js";

/** The SQL of a step in one schema, or nothing when its migration is a function. */
export function scriptOf(step: MigrationStep, schema: string): string | undefined {
  const { migration, direction } = step;
  if (migration.script === undefined) return undefined;
  if (isOurs(step) && isSpeltTheSameEverywhere(schema)) return writtenOnce(migration.script[direction])?.(schema);
  return direction === "up" ? migration.script.up(schema) : migration.script.down?.(schema);
}

type WriteScript = (schema: string) => string;

/** Stands in a script for the schema. No script holds a NUL, and PostgreSQL has no name with one. */
const ANY_SCHEMA = "\u0000schema";

const scripts = new Map<WriteScript, WriteScript>();

/**
 * Thousands of tenants share each of our scripts but for the name, and writing one takes its many nested quotations.
 * A host's script may depend on the name in ways of its own.
 */
function writtenOnce(write: WriteScript | undefined): WriteScript | undefined {
  if (write === undefined) return undefined;
  let script = scripts.get(write);
  if (script === undefined) {
    const pieces = write(ANY_SCHEMA).split(ANY_SCHEMA);
    scripts.set(write, (script = (schema) => pieces.join(schema)));
  }
  return script;
}

/** Without what is doubled or escaped within quotes: such a name reads otherwise within a text within a block. */
function isSpeltTheSameEverywhere(schema: string): boolean {
  return !/['"\\]/.test(schema);
}
