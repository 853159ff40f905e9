import type { Kysely } from "kysely";
import type { PlainSqlMigration } from "./plain-sql-migration.js";

/** A migration as Kysely's Migrator takes it; declared here because Kysely 0.29 moved its own to another entry. */
export interface FunctionMigration {
  readonly script?: undefined;
  up(db: Kysely<any>): Promise<void>;
  down?(db: Kysely<any>): Promise<void>;
}

/** Any migration that `syncTenantSchemas` runs: one that is plain SQL, or one that is a function of a Kysely. */
export type Migration = PlainSqlMigration | FunctionMigration;
