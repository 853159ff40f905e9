import { migration0001BatchJobs } from "./0001_batch_jobs.js";
import { migration0002MarketplaceJobs } from "./0002_marketplace_jobs.js";
import { migration0003MarketplaceJobStats } from "./0003_marketplace_job_stats.js";
import { migration0004LinkJobsToBatches } from "./0004_link_jobs_to_batches.js";
import { migration0005DropMarketplaceJobsBatchId } from "./0005_drop_marketplace_jobs_batch_id.js";
import type { PlainSqlMigration } from "./plain-sql-migration.js";
import { sharedMigration0001MarketplaceActionTypes } from "./shared/0001_marketplace_action_types.js";

/** The migrations of a tenant schema by name, in order. A host spreads them into its own record. */
export const migrations: Readonly<Record<string, PlainSqlMigration>> = {
  "0001_batch_jobs": migration0001BatchJobs,
  "0002_marketplace_jobs": migration0002MarketplaceJobs,
  "0003_marketplace_job_stats": migration0003MarketplaceJobStats,
  "0004_link_jobs_to_batches": migration0004LinkJobsToBatches,
  "0005_drop_marketplace_jobs_batch_id": migration0005DropMarketplaceJobsBatchId,
};

/** The migrations of the shared schema by name, in order. */
export const sharedMigrations: Readonly<Record<string, PlainSqlMigration>> = {
  "0001_marketplace_action_types": sharedMigration0001MarketplaceActionTypes,
};

/**
 * {@link migrations} as Kysely's Migrator takes them, for one tenant schema.
 *
 * @example
 * ```ts
 * import { Kysely, PostgresDialect } from "kysely";
 * import { Migrator } from "kysely/migration";
 * import { migrationProvider } from "marketplace-jobs/migrations";
 * import pg from "pg";
 *
 * const db = new Kysely<unknown>({
 *   dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) }),
 * });
 * const migrator = new Migrator({
 *   db: db.withSchema("user_1"),
 *   provider: migrationProvider,
 *   migrationTableName: "marketplace_jobs_migration",
 *   migrationLockTableName: "marketplace_jobs_migration_lock",
 *   migrationTableSchema: "user_1",
 * });
 * const { error } = await migrator.migrateToLatest();
 * if (error !== undefined) throw error;
 * await db.destroy();
 * ```
 */
export const migrationProvider: { getMigrations(): Promise<Record<string, PlainSqlMigration>> } = {
  getMigrations: () => Promise.resolve({ ...migrations }),
};

export type { FunctionMigration, Migration } from "./migration.js";
export { plainSqlMigration, type PlainSqlMigration } from "./plain-sql-migration.js";
export { quoteIdentifier, quoteLiteral } from "./quoting.js";
export {
  migration0001BatchJobs,
  migration0002MarketplaceJobs,
  migration0003MarketplaceJobStats,
  migration0004LinkJobsToBatches,
  migration0005DropMarketplaceJobsBatchId,
  sharedMigration0001MarketplaceActionTypes,
};
