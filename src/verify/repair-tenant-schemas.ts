import type { Kysely } from "kysely";
import * as z from "zod";
import { migrations } from "../../migrations/index.js";
import { parseInput } from "../errors/parse-input.js";
import { type NamedDatabase, parseDatabases } from "../sync/sync-databases.js";
import { surveyDatabases } from "../sync/survey.js";
import { parseSyncOptions, type SyncOptions, type SyncSettings } from "../sync/sync-options.js";
import type { RepairReport } from "./repair-report.js";
import { RepairRun } from "./repair-run.js";
import { TenantRepairError } from "./tenant-repair-error.js";
import { namingUnreachable } from "../sync/unreachable-database.js";
import { waitForAll } from "../tenancy/wait-for-all.js";

export type RepairOptions = Omit<SyncOptions, "migrations" | "to" | "canary">;

/**
 * Mends what `verifyTenantSchemas` finds, as far as that can lose nothing: a missing index, constraint, default or
 * column, ids that draw from another schema's sequence, a wrong name, an index that repeats another. What cannot be
 * mended without loss is refused, with the reason; what pending migrations bring is left to them.
 *
 * Each schema is one transaction under its lock, which looks at the structure once more before it changes anything;
 * short lock timeouts, retries and back-off are those of `syncTenantSchemas`. An index is created with CREATE INDEX,
 * so writers of that tenant wait while it is built.
 *
 * @returns what became of every schema, with the SQL; with `dryRun` the SQL alone, and nothing is changed
 * @throws {TenantRepairError} when something failed, was refused, or the run was aborted, unless `throwOnFailure` is
 *   false; `INVALID_OPTIONS`, `INVALID_TENANT_SCHEMA`, `UNKNOWN_TENANT_SCHEMA`
 *
 * @example
 * ```ts
 * import { Kysely, PostgresDialect } from "kysely";
 * import { repairTenantSchemas } from "marketplace-jobs";
 * import pg from "pg";
 *
 * const db = new Kysely<unknown>({
 *   dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) }),
 * });
 * const plan = await repairTenantSchemas(db, { dryRun: true, throwOnFailure: false });
 * for (const { schema, mends } of plan.tenants) for (const { sql } of mends) console.log(`-- ${schema}\n${sql}`);
 * await db.destroy();
 * ```
 */
export async function repairTenantSchemas(
  databases: Kysely<any> | readonly NamedDatabase[],
  options: RepairOptions = {},
): Promise<RepairReport> {
  const settings = parseRepairOptions(options);
  const named = parseDatabases(databases, "repairTenantSchemas");
  const startedAt = new Date();
  const started = performance.now();
  const surveys = await surveyDatabases(named, settings);
  const runs = surveys.map((survey) => ({ database: survey.database, run: new RepairRun(survey, settings) }));
  const tenants = (
    await waitForAll(runs.map(({ database, run }) => namingUnreachable(database, () => run.execute())))
  ).flat();
  const isBad = ({ outcome, refused }: RepairReport["tenants"][number]): boolean =>
    outcome === "failed" || refused.length > 0;
  const isFine = tenants.some((tenant) => !isBad(tenant) && tenant.role === "tenant");
  const failed = isFine ? "partial" : "failed";
  const isAborted = runs.some(({ run }) => run.brake.isAborted);
  const report: RepairReport = {
    version: 1,
    status: isAborted ? "aborted" : tenants.some(isBad) ? failed : "ok",
    dryRun: settings.dryRun,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round((performance.now() - started) * 1000) / 1000,
    tenants,
  };
  if (settings.throwOnFailure && report.status !== "ok") throw new TenantRepairError(report);
  return report;
}

const given = z.unknown().optional();

/** The options of a sync but those about migrations; what each may be is checked as there. */
const repairOptions = z.strictObject({
  tenants: given,
  template: given,
  sharedSchema: given,
  concurrency: given,
  lockTimeoutMs: given,
  statementTimeoutMs: given,
  maxAttempts: given,
  onFailure: given,
  maxFailures: given,
  signal: given,
  onEvent: given,
  dryRun: given,
  throwOnFailure: given,
});

function parseRepairOptions(options: RepairOptions): SyncSettings {
  const params = { code: "INVALID_OPTIONS", subject: "repairTenantSchemas options" } as const;
  return parseSyncOptions(parseInput(repairOptions, options, params), { migrations });
}
