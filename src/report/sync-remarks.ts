import type { SyncOutcome, SyncReport, TenantSyncReport } from "../sync/sync-report.js";
import { blockerTable } from "./blocker-table.js";
import { lines, type Markup, markup } from "./markup.js";
import { pageSection } from "./page-section.js";
import { counted } from "./quantity.js";
import { schemaNames } from "./schema-names.js";

/** Schemas that nothing was done to although something could have been, and why. */
const LEFT_ALONE: Readonly<Partial<Record<SyncOutcome, string>>> = {
  skipped: "Skipped",
  ahead: "Ahead of this run",
  gone: "Gone meanwhile",
};

const REASONS: Readonly<Partial<Record<SyncOutcome, string>>> = {
  gone: "The schema was dropped while the run was at work.",
};

/** What was left alone and why, a section for each such outcome. */
export function schemasLeftAlone({ tenants }: SyncReport): readonly Markup[] {
  return Object.entries(LEFT_ALONE).flatMap(([outcome, heading]) => {
    const own = tenants.filter((tenant) => tenant.outcome === outcome);
    if (own.length === 0) return [];
    const reasons = Map.groupBy(own, ({ warnings }) => warnings.join("\n") || (REASONS[outcome as SyncOutcome] ?? ""));
    return pageSection({
      id: outcome,
      heading: `${heading}: ${counted(own.length, "schema")}`,
      body: [...reasons].map(([reason, alike]) => remark(reason, alike)),
    });
  });
}

/** Warnings about all others; one that many share is said once. */
export function syncWarnings({ tenants }: SyncReport): Markup | [] {
  const warned = tenants
    .filter(({ outcome }) => !(outcome in LEFT_ALONE))
    .flatMap((tenant) => tenant.warnings.map((warning) => ({ warning, tenant })));
  if (warned.length === 0) return [];
  const alike = Map.groupBy(warned, ({ warning }) => warning);
  return pageSection({
    id: "warnings",
    heading: "Warnings",
    body: [...alike].map(([warning, all]) =>
      remark(
        warning,
        all.map(({ tenant }) => tenant),
      ),
    ),
  });
}

/** Who was in the way of schemas that came through in the end. */
export function schemasKeptWaiting({ tenants }: SyncReport): Markup | [] {
  const waiting = tenants.filter(({ outcome, blockedBy }) => outcome !== "failed" && (blockedBy?.length ?? 0) > 0);
  if (waiting.length === 0) return [];
  return pageSection({
    id: "waiting",
    heading: `Kept waiting: ${counted(waiting.length, "schema")}`,
    body: markup`<p>These were busy at first and tried again.</p>${blockerTable(waiting)}`,
  });
}

function remark(text: string, schemas: readonly TenantSyncReport[]): Markup {
  return markup`<div class="entry">${schemaNames(schemas.map(({ database, schema }) => ({ database, schema })))}<p class="message">${lines(text)}</p></div>
`;
}
