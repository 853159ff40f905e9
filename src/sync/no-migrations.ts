/**
 * As `to`: the state before the first migration. It is the same value as Kysely's `NO_MIGRATIONS`, which 0.28 and 0.29
 * export from different places; either is taken.
 */
export const NO_MIGRATIONS: NoMigrations = Object.freeze({ __noMigrations__: true });

export interface NoMigrations {
  readonly __noMigrations__: true;
}
