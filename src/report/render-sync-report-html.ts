import { parseInput } from "../errors/parse-input.js";
import { syncOutcomes, type SyncReport, syncReportSchema, type TenantSyncReport } from "../sync/sync-report.js";
import { type Markup, markup } from "./markup.js";
import { renderPage } from "./page.js";
import { pageSection } from "./page-section.js";
import { counted, duration } from "./quantity.js";
import { namedDatabases } from "./reported-schema.js";
import { syncDatabasesTable } from "./sync-databases-table.js";
import { type FailedSchema, failureArticles } from "./failure-articles.js";
import { syncHeadline } from "./sync-headline.js";
import { OUTCOME_TONES, outcomeWords } from "./sync-outcome-words.js";
import { schemasKeptWaiting, schemasLeftAlone, syncWarnings } from "./sync-remarks.js";
import { syncTimings } from "./sync-timings.js";
import { tenantGrid } from "./tenant-grid.js";
import { tiles } from "./tiles.js";
import type { Tone } from "./tone.js";

/**
 * The report of a sync as one HTML page to look at, to attach to a pipeline's run or to send to somebody.
 *
 * The page says how the run went, shows every schema as a cell coloured by its outcome, tells of each failed schema its
 * error, what to do and who was in the way, and how long schemas took. It needs nothing besides itself: it loads
 * nothing, runs no script, follows the reader's light or dark setting, and can be printed. Every value of the report is
 * escaped, whatever it holds; control characters and the like are spelled out.
 *
 * The function reads and writes nothing. A report that was stored as JSON renders as well as a fresh one, and so does
 * one to which a later minor release has added fields.
 *
 * @returns the page, as text to be stored in UTF-8: about 70 bytes for each schema
 * @throws {@link InvalidInputError} `INVALID_INPUT` when it is no report of a sync
 *
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { renderSyncReportHtml, syncTenantSchemas } from "marketplace-jobs";
 *
 * const report = await syncTenantSchemas(db, { throwOnFailure: false });
 * await writeFile(new URL("sync.html", import.meta.url), renderSyncReportHtml(report));
 * ```
 */
export function renderSyncReportHtml(report: SyncReport): string {
  const valid = parseInput(syncReportSchema, report, { subject: "renderSyncReportHtml report", code: "INVALID_INPUT" });
  const { status, dryRun, startedAt, durationMs, summary, tenants } = valid;
  const cells = tenants.map((tenant, index) => ({
    ...tenant,
    tone: OUTCOME_TONES[tenant.outcome],
    words: cellWords(tenant, valid),
    anchor: tenant.outcome === "failed" ? `schema-${index + 1}` : undefined,
  }));
  const legend = syncOutcomes
    .filter((outcome) => outcome === "failed" || summary[outcome] > 0)
    .map((outcome) => ({
      tone: OUTCOME_TONES[outcome],
      count: summary[outcome],
      words: outcomeWords(outcome, valid),
      anchor: ANCHORED.has(outcome) ? outcome : undefined,
    }));
  return renderPage({
    kind: dryRun ? "Sync of tenant schemas, dry run" : "Sync of tenant schemas",
    status,
    tone: STATUS_TONES[status],
    headline: syncHeadline(valid),
    startedAt,
    durationMs,
    databases: namedDatabases(tenants),
    sections: [
      ...(dryRun
        ? [markup`<p class="notice"><b>Dry run.</b> Nothing was written: this is what a sync would do.</p>\n`]
        : []),
      pageSection({
        id: "schemas",
        heading: counted(tenants.length, "schema"),
        body: [tiles(legend), tenantGrid(cells)],
      }),
      ...[syncDatabasesTable(valid), failures(cells), syncWarnings(valid)].flat(),
      ...schemasLeftAlone(valid),
      ...[schemasKeptWaiting(valid), syncTimings(valid)].flat(),
    ],
  });
}

function failures(schemas: readonly (FailedSchema & Pick<TenantSyncReport, "outcome">)[]): Markup | [] {
  const failed = schemas.filter(({ outcome }) => outcome === "failed");
  if (failed.length === 0) return [];
  const heading = `Failed: ${counted(failed.length, "schema")}`;
  return pageSection({ id: "failed", heading, body: failureArticles(failed) });
}

/** Outcomes that have a section of their own. */
const ANCHORED: ReadonlySet<string> = new Set(["failed", "skipped", "ahead", "gone"]);

const STATUS_TONES: Readonly<Record<SyncReport["status"], Tone>> = {
  ok: "good",
  partial: "bad",
  failed: "bad",
  aborted: "ahead",
};

function cellWords({ role, outcome, attempts, durationMs, error }: TenantSyncReport, report: SyncReport): string {
  const parts = [
    ...(role === "tenant" ? [] : [role]),
    outcomeWords(outcome, report),
    ...(error === undefined ? [] : [error.code]),
    ...(attempts === 0 ? [] : [duration(durationMs)]),
    ...(attempts < 2 ? [] : [counted(attempts, "attempt")]),
  ];
  return parts.join(", ");
}
