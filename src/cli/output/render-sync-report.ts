import { SINGLE_DATABASE_NAME } from "../../sync/sync-databases.js";
import { syncOutcomes, type SyncReport, type TenantSyncReport } from "../../sync/sync-report.js";
import { counted, duration, grouped } from "../../report/quantity.js";
import { renderFailures } from "./render-failures.js";
import { renderWarnings } from "./render-warnings.js";
import { renderTable } from "./table.js";
import type { Palette } from "./palette.js";

interface RenderSyncReportOptions {
  readonly palette: Palette;
  /** Every schema on a line of its own, and every failure. */
  readonly isVerbose: boolean;
}

/** The report in words: counts first, then whoever needs attention, and why. */
export function renderSyncReport(report: SyncReport, { palette, isVerbose }: RenderSyncReportOptions): string {
  const { summary, tenants, dryRun, durationMs } = report;
  if (tenants.length === 0 && report.status === "ok") return "Nothing to do: no schema is concerned.";
  const counts = syncOutcomes
    .filter((outcome) => summary[outcome] > 0)
    .map((outcome) => (outcome === "failed" ? palette.bad : palette.strong)(`${grouped(summary[outcome])} ${outcome}`));
  const total = `${dryRun ? "Dry run, nothing was written. " : ""}${counted(tenants.length, "schema")} in ${duration(durationMs)}`;
  return [
    ...(isVerbose && tenants.length > 0 ? [renderTenants(tenants), ""] : []),
    `${total}: ${counts.join(", ") || "none"}`,
    ...(dryRun || summary.p50Ms === 0
      ? []
      : [
          `each: up to ${duration(summary.p50Ms)} for half of them, ${duration(summary.p95Ms)} for 95 %; ${counted(summary.retries, "retry", "retries")}`,
        ]),
    ...renderFailures(tenants, { palette, isVerbose }),
    ...renderWarnings(tenants, palette),
  ].join("\n");
}

function renderTenants(tenants: readonly TenantSyncReport[]): string {
  const isSingle = tenants.every(({ database }) => database === SINGLE_DATABASE_NAME);
  return renderTable(
    [...(isSingle ? [] : ["database"]), "schema", "role", "outcome", "attempts", "took", "migrations"],
    tenants.map(({ database, schema, role, outcome, attempts, durationMs, applied }) => [
      ...(isSingle ? [] : [database]),
      schema,
      role,
      outcome,
      attempts,
      duration(durationMs),
      applied.join(" "),
    ]),
  );
}
