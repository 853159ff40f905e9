import type { Kysely } from "kysely";
import { migrations, sharedMigrations } from "../../migrations/index.js";
import type { NamedDatabase } from "./sync-databases.js";
import { parseDatabases } from "./sync-databases.js";
import { createEmit } from "./emit.js";
import { parseMigrationSet } from "../tenancy/migration-set.js";
import { parseSyncOptions, type SyncOptions } from "./sync-options.js";
import type { SyncReport } from "./sync-report.js";
import { SyncRun } from "./sync-run.js";
import { traceRun } from "./tracing.js";
import { TenantSyncError } from "./tenant-sync-error.js";

/**
 * Brings the shared schema, the template and all tenant schemas to the newest migration, or to the one that `to` names.
 *
 * Each migration of each tenant is one transaction that holds the tenant's lock, so a crash, a kill or a second run at
 * the same time leaves every tenant with each migration once. A tenant that fails is reported and never another's
 * trouble; one that is busy is put back and tried again while the others go on. A second run takes up where the first
 * ended, and is a matter of a few queries when nothing is left to do.
 *
 * @param db - A Kysely with a pool, no transaction; or `[{ name, db }, …]` for several servers in one run.
 * @returns What became of every schema; plain data, see {@link syncReportSchema}.
 * @throws {TenantSyncError} when something failed or the run was aborted, unless `throwOnFailure` is false; it carries
 *   the report. Before any SQL: `INVALID_OPTIONS`, `INVALID_TENANT_SCHEMA`, `INVALID_MIGRATIONS`, `UNKNOWN_MIGRATION`.
 *   After a look at the catalog and before any change: `UNKNOWN_TENANT_SCHEMA`, `MIGRATION_NOT_REVERSIBLE`.
 *
 * @example
 * ```ts
 * import { Kysely, PostgresDialect } from "kysely";
 * import { syncTenantSchemas } from "marketplace-jobs";
 * import pg from "pg";
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
 * pool.on("error", (error) => console.error(error.message)); // without these two a connection that is lost,
 * pool.on("connect", (client) => client.on("error", () => {})); // idle or in use, ends the process
 * const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
 * const report = await syncTenantSchemas(db, {
 *   onEvent: (event) => {
 *     if (event.type === "tenant-finished") console.log(event.schema, event.report.outcome);
 *   },
 * });
 * console.log(report.summary);
 * await db.destroy();
 * ```
 */
export async function syncTenantSchemas(
  db: Kysely<any> | readonly NamedDatabase[],
  options: SyncOptions = {},
): Promise<SyncReport> {
  const settings = parseSyncOptions(options, { migrations });
  const databases = parseDatabases(db, "syncTenantSchemas");
  const run = new SyncRun({
    databases,
    settings,
    sharedSet: parseMigrationSet(sharedMigrations, "sharedMigrations"),
    emit: createEmit(settings.onEvent),
  });
  const report = await traceRun(databases, async () => await run.execute());
  if (settings.throwOnFailure && report.status !== "ok") throw new TenantSyncError(report, run.trouble);
  return report;
}
