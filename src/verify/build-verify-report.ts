import type { Drift, UnmendedDrift } from "./drift.js";
import type { VerifiedSchema } from "./verify-database.js";
import type { StructureGroup, TenantVerification, VerifyReport } from "./verify-report.js";

interface BuildVerifyReportParams {
  readonly verified: readonly { readonly database: string; readonly schemas: readonly VerifiedSchema[] }[];
  readonly startedAt: Date;
  readonly durationMs: number;
}

/** Puts together what was found in all databases; schemas with one structure of ours become one group. */
export function buildVerifyReport({ verified, startedAt, durationMs }: BuildVerifyReportParams): VerifyReport {
  const groups = new Map<string, StructureGroup>();
  const tenants = verified.flatMap(({ database, schemas }) =>
    schemas.map((schema) => reportOf(database, schema, groups)),
  );
  const count = (state: TenantVerification["state"]): number =>
    tenants.filter((tenant) => tenant.state === state).length;
  return {
    version: 1,
    status: tenants.some(({ state }) => state === "drifted" || state === "unreadable") ? "drift" : "ok",
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(durationMs * 1000) / 1000,
    summary: {
      canonical: count("canonical"),
      drifted: count("drifted"),
      gone: count("gone"),
      unreadable: count("unreadable"),
      pending: tenants.filter(({ pending }) => pending.length > 0).length,
    },
    groups: [...groups.values()].toSorted((a, b) => b.tenants - a.tenants || a.group - b.group),
    tenants,
  };
}

function reportOf(database: string, verified: VerifiedSchema, groups: Map<string, StructureGroup>): TenantVerification {
  const { schema, role, migration, pending, failure, found, notices } = verified;
  const base = { database, schema, role, migration, pending: [...pending], notices: [...notices] };
  const nothing = { group: null, fingerprint: null, drift: [], extra: [], leftOver: [] };
  if (failure !== undefined) {
    const { code, sqlState, message, hint } = failure;
    const error = {
      code,
      message,
      ...(sqlState === undefined ? {} : { sqlState }),
      ...(hint === undefined ? {} : { hint }),
    };
    return { ...base, ...nothing, state: "unreadable", error };
  }
  if (found === undefined) return { ...base, ...nothing, state: "gone" };
  const { drift, extra, leftOver } = found.comparison;
  const state = drift.length > 0 ? "drifted" : "canonical";
  const key = JSON.stringify([role, pending, found.fingerprint]);
  const group = groups.get(key) ?? {
    group: groups.size,
    fingerprint: found.fingerprint,
    role,
    state,
    migration,
    tenants: 0,
    example: { database, schema },
    summary: summaryOf(migration, pending.length, drift),
  };
  group.tenants += 1;
  groups.set(key, group);
  return {
    ...base,
    state,
    group: group.group,
    fingerprint: found.fingerprint,
    drift: drift.map((item) => driftIn(schema, item, pending)),
    extra: [...extra],
    leftOver: [...leftOver],
  };
}

/** The drift with its mend for that schema. What a pending migration mends needs no other, and could fail by one. */
export function driftIn(schema: string, { mend, mendedBy, ...item }: UnmendedDrift, pending: readonly string[]): Drift {
  if (pending.includes(mendedBy)) return { ...item, pendingMigration: mendedBy };
  return "sql" in mend ? { ...item, mend: mend.sql(schema) } : { ...item, refusal: mend.refusal };
}

function summaryOf(migration: string | null, pending: number, drift: readonly UnmendedDrift[]): string {
  const at =
    migration === null ? "never migrated" : pending === 0 ? "up to date" : `at ${migration}, ${pending} pending`;
  const [first, ...others] = drift;
  if (first === undefined) return `${at}, canonical`;
  return `${at}, ${first.message}${others.length === 0 ? "" : `, and ${others.length} more`}`;
}
