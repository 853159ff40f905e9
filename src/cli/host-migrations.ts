import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { migrations as ownMigrations } from "../../migrations/index.js";
import type { Migration } from "../../migrations/migration.js";
import { CommandFailure } from "./command-failure.js";
import { exitCodes } from "./exit-codes.js";

type MigrationRecord = Readonly<Record<string, Migration>>;

/**
 * Our migrations with those of the host's file after them. The file may also export the whole set, ours included. What
 * is in it, and in which order, the library checks.
 */
export async function allMigrations(file: string | undefined): Promise<MigrationRecord | undefined> {
  if (file === undefined) return undefined;
  const found = await loadMigrations(file);
  const taken = Object.keys(found).find(
    (name) => Object.hasOwn(ownMigrations, name) && found[name] !== ownMigrations[name],
  );
  if (taken !== undefined) {
    throw wrong(
      `${file} has a migration ${taken}, which is one of ours: give yours names that come after 0005, such as 0100_products.`,
    );
  }
  return { ...ownMigrations, ...found };
}

async function loadMigrations(file: string): Promise<MigrationRecord> {
  const path = resolve(file);
  if (!existsSync(path)) throw wrong(`There is no file ${file} (--migrations).`);
  let module: { readonly migrations?: unknown; readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as typeof module;
  } catch (error) {
    throw wrong(`${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  const found = module.migrations ?? module.default;
  if (typeof found === "object" && found !== null && Object.keys(found).length > 0) return found as MigrationRecord;
  throw wrong(`${file} exports no migrations: export const migrations = { "0100_products": { up, down } }.`);
}

function wrong(message: string, cause?: unknown): CommandFailure {
  return new CommandFailure({ message, exitCode: exitCodes.usage, cause });
}
