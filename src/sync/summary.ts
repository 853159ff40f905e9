import { syncOutcomes, type SyncReport, type TenantSyncReport } from "./sync-report.js";

/** Enough to see whether one tenant is out of the ordinary or all of them are large. */
const SLOWEST_IN_SUMMARY = 5;

interface BuildReportParams {
  readonly tenants: readonly TenantSyncReport[];
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly dryRun: boolean;
  readonly isAborted: boolean;
  /** Something went wrong that is no schema's fault. */
  readonly isTroubled: boolean;
}

export function buildReport({
  tenants,
  startedAt,
  durationMs,
  dryRun,
  isAborted,
  isTroubled,
}: BuildReportParams): SyncReport {
  const counts = Object.fromEntries(
    syncOutcomes.map((outcome) => [outcome, tenants.filter((tenant) => tenant.outcome === outcome).length]),
  ) as Record<(typeof syncOutcomes)[number], number>;
  const byDuration = tenants
    .filter(({ applied }) => applied.length > 0)
    .toSorted((one, other) => one.durationMs - other.durationMs);
  const durations = byDuration.map((tenant) => tenant.durationMs);
  const slowest = byDuration.toReversed().slice(0, SLOWEST_IN_SUMMARY);
  return {
    version: 1,
    status: isAborted ? "aborted" : statusOf(tenants, isTroubled),
    dryRun,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(durationMs * 1000) / 1000,
    summary: {
      ...counts,
      p50Ms: percentile(durations, 0.5),
      p95Ms: percentile(durations, 0.95),
      retries: tenants.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0),
      slowest: slowest.map((tenant) => ({
        database: tenant.database,
        schema: tenant.schema,
        durationMs: tenant.durationMs,
      })),
    },
    tenants: [...tenants],
  };
}

/** Failed when nothing but failures came of it: partial when at least one tenant is as it should be. */
function statusOf(tenants: readonly TenantSyncReport[], isTroubled: boolean): SyncReport["status"] {
  if (!isTroubled && !tenants.some(({ outcome }) => outcome === "failed")) return "ok";
  const isFine = ({ role, outcome }: TenantSyncReport): boolean =>
    (role === "canary" || role === "tenant") &&
    (outcome === "migrated" || outcome === "rolled-back" || outcome === "up-to-date");
  return tenants.some(isFine) ? "partial" : "failed";
}

/** The smallest value that at least the given part of all values does not exceed. */
function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

/** How many failures an error's message spells out; the report has all of them. */
const FAILURES_IN_SUMMARY = 3;

/** The report in a few lines, the first of which says it all. */
export function summarize({ status, dryRun, durationMs, summary, tenants }: SyncReport): string {
  const counts = syncOutcomes
    .filter((outcome) => summary[outcome] > 0)
    .map((outcome) => `${summary[outcome]} ${outcome}`);
  const failed = tenants.filter(({ outcome }) => outcome === "failed");
  const listed = failed.slice(0, FAILURES_IN_SUMMARY).map(({ database, schema, error }) => {
    const at = error?.migration === undefined ? "" : ` at ${error.migration}`;
    return `  ${database === "default" ? "" : `${database}.`}${schema}${at}: ${error?.code ?? "FAILED"}: ${error?.message ?? ""}`;
  });
  const more = failed.length > FAILURES_IN_SUMMARY ? [`  … and ${failed.length - FAILURES_IN_SUMMARY} more`] : [];
  return [
    `Sync of tenant schemas ${dryRun ? "(dry run) " : ""}${status}: ${counts.join(", ") || "no schemas"} in ${(durationMs / 1000).toFixed(1)} s`,
    ...listed,
    ...more,
  ].join("\n");
}
