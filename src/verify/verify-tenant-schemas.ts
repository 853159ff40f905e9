import type { Kysely } from "kysely";
import { type NamedDatabase, parseDatabases } from "../sync/sync-databases.js";
import { surveyDatabases } from "../sync/survey.js";
import type { Drift, UnmendedDrift } from "./drift.js";
import { verifyDatabase, type VerifiedSchema } from "./verify-database.js";
import { parseVerifyOptions, type VerifyOptions } from "./verify-options.js";
import type { StructureGroup, TenantVerification, VerifyReport } from "./verify-report.js";

/**
 * Compares the structure of the shared schema, the template and every tenant with the canonical one, and names every
 * difference in words, with the SQL that would mend it where that loses nothing. Nothing is changed.
 *
 * Columns, constraints, indexes and sequences are compared by what they are: order and former names of a schema do
 * not matter. A tenant that lacks migrations is compared with what it should be at the last one it has. What a host
 * has added (its own foreign keys, columns, triggers, views) is listed as `extra`, not as drift.
 *
 * It reads the catalog in one pass for a thousand schemas and takes no lock on any table. A schema that vanishes
 * meanwhile is reported as `gone`, one that may not be read as `unreadable`.
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
 * for (const group of report.groups) console.log(`${group.tenants} like ${group.example}: ${group.summary}`);
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
  const surveys = await surveyDatabases(named, settings);
  const groups = new Map<string, StructureGroup>();
  const tenants: TenantVerification[] = [];
  for (const survey of surveys) {
    for (const verified of await verifyDatabase(survey, settings.signal)) {
      tenants.push(report(survey.database.name, verified, groups));
    }
  }
  const count = (state: TenantVerification["state"]): number =>
    tenants.filter((tenant) => tenant.state === state).length;
  return {
    version: 1,
    status: tenants.some(({ state }) => state === "drifted" || state === "unreadable") ? "drift" : "ok",
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    summary: {
      canonical: count("canonical"),
      drifted: count("drifted"),
      gone: count("gone"),
      unreadable: count("unreadable"),
      pending: tenants.filter(({ pending }) => pending.length > 0).length,
    },
    groups: [...groups.values()].sort((a, b) => b.tenants - a.tenants || a.group - b.group),
    tenants,
  };
}

function report(database: string, verified: VerifiedSchema, groups: Map<string, StructureGroup>): TenantVerification {
  const { schema, role, state, migration, pending, found } = verified;
  const base = { database, schema, role, migration, pending: [...pending] };
  const nothing = { group: null, fingerprint: null, drift: [], extra: [], leftOver: [] };
  if (state.failure !== undefined) {
    const { code, sqlState, message } = state.failure;
    const error = { code, ...(sqlState === undefined ? {} : { sqlState }), message };
    return { ...base, ...nothing, state: "unreadable", error };
  }
  if (found === undefined) return { ...base, ...nothing, state: "gone" };
  const { drift, extra, leftOver } = found.comparison;
  const isDrifted = drift.length > 0;
  const key = `${role} ${found.likeness}`;
  let group = groups.get(key);
  if (group === undefined) {
    group = {
      group: groups.size,
      fingerprint: found.fingerprint,
      role,
      state: isDrifted ? "drifted" : "canonical",
      migration,
      tenants: 0,
      example: schema,
      summary: summaryOf(migration, pending.length, drift),
    };
    groups.set(key, group);
  }
  group.tenants += 1;
  return {
    ...base,
    state: isDrifted ? "drifted" : "canonical",
    group: group.group,
    fingerprint: found.fingerprint,
    drift: drift.map((item) => mended(item, schema, pending)),
    extra: [...extra],
    leftOver: [...leftOver],
  };
}

function mended({ mendIn, mendedBy, ...item }: UnmendedDrift, schema: string, pending: readonly string[]): Drift {
  // What a pending migration mends needs no statement of its own, and could fail by one.
  if (pending.includes(mendedBy)) return { ...item, pendingMigration: mendedBy };
  return mendIn === undefined ? item : { ...item, mend: mendIn(schema) };
}

function summaryOf(migration: string | null, pending: number, drift: readonly UnmendedDrift[]): string {
  const at =
    migration === null ? "never migrated" : pending === 0 ? "up to date" : `at ${migration}, ${pending} pending`;
  const [first, ...others] = drift;
  if (first === undefined) return `${at}, canonical`;
  return `${at}, ${first.message}${others.length === 0 ? "" : `, and ${others.length} more`}`;
}
