import type { Migration } from "../../migrations/migration.js";

export type MigrationDirection = "up" | "down";

/** One migration in one direction: what a tenant's plan is made of. */
export interface MigrationStep {
  readonly name: string;
  readonly direction: MigrationDirection;
  readonly migration: Migration;
}

/** Whether a migration can be undone: with a script for it when it is plain SQL, else with a function. */
export function isReversible(migration: Migration): boolean {
  return migration.script === undefined ? migration.down !== undefined : migration.script.down !== undefined;
}
