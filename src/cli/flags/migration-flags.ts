import { Option } from "commander";
import type { FlagGroup } from "./flag-group.js";

export interface MigrationFlags {
  readonly migrations?: string | undefined;
  readonly to?: string | undefined;
}

const migrationsFlag = (): Option =>
  new Option(
    "--migrations <file>",
    "a module of your own whose export `migrations`, or default export, holds the migrations that come after ours",
  );

/** For commands that compare with all migrations there are. */
export const ownMigrationFlags: FlagGroup = { heading: "Migrations:", options: () => [migrationsFlag()] };

/** For commands that go somewhere. */
export const migrationFlags: FlagGroup = {
  heading: "Migrations:",
  options: () => [
    migrationsFlag(),
    new Option(
      "--to <migration>",
      "the last migration that tenants should have; those beyond it are taken back to it (default: the newest)",
    ),
  ],
};

export const rollbackFlags: FlagGroup = {
  heading: "Migrations:",
  options: () => [
    migrationsFlag(),
    new Option(
      "--to <migration>",
      "the last migration that tenants should keep; `none` takes all of them back",
    ).makeOptionMandatory(),
  ],
};
