import type { Kysely } from "kysely";
import { type NamedDatabase, parseDatabases } from "../sync/sync-databases.js";
import { surveyDatabases } from "../sync/survey.js";
import { buildVerifyReport } from "./build-verify-report.js";
import { verifyDatabase } from "./verify-database.js";
import { parseVerifyOptions, type VerifyOptions } from "./verify-options.js";
import type { VerifyReport } from "./verify-report.js";
import { namingUnreachable } from "../sync/unreachable-database.js";
import { waitForAll } from "../tenancy/wait-for-all.js";

/**
 * Compares the structure of the shared schema, the template and every tenant with the canonical one, and names every
 * difference in words, with the SQL that would mend it where that loses nothing. Nothing is changed.
 *
 * Columns, constraints, indexes and sequences are compared by what they are: order and former names of a schema do
 * not matter. A tenant that lacks migrations is compared with what it should be at the last one it has. What a host
 * has added (its own foreign keys, columns, triggers, views) is listed as `extra`, not as drift.
 *
 * It reads the catalog in one pass for a thousand schemas. Printing a default or a check takes an ACCESS SHARE lock: a
 * tenant whose tables somebody holds exclusively for longer than half a second is reported as `unreadable`, as is one
 * that may not be read; one that vanishes meanwhile as `gone`.
 *
 * @returns a plain, JSON-safe report over all schemas, the shared one first, then the template, then the tenants
 * @throws MarketplaceJobsError `INVALID_OPTIONS`, `INVALID_TENANT_SCHEMA`, `UNKNOWN_TENANT_SCHEMA`
 *
 * @example
 * ```ts
 * import { Kysely, PostgresDialect } from "kysely";
 * import { verifyTenantSchemas } from "marketplace-jobs";
 * import pg from "pg";
 *
 * const db = new Kysely<unknown>({
 *   dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) }),
 * });
 * const report = await verifyTenantSchemas(db);
 * for (const group of report.groups) {
 *   console.log(`${group.tenants} like ${group.example.schema}: ${group.summary}`);
 * }
 * await db.destroy();
 * ```
 */
export async function verifyTenantSchemas(
  databases: Kysely<any> | readonly NamedDatabase[],
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const settings = parseVerifyOptions(options, "verifyTenantSchemas options");
  const named = parseDatabases(databases, "verifyTenantSchemas");
  const startedAt = new Date();
  const started = performance.now();
  const surveys = await surveyDatabases(named, settings);
  const verified = await waitForAll(
    surveys.map(async (survey) => ({
      database: survey.database.name,
      schemas: await namingUnreachable(survey.database, () => verifyDatabase(survey, settings.signal)),
    })),
  );
  return buildVerifyReport({ verified, startedAt, durationMs: performance.now() - started });
}
