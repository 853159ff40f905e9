import { parseInput } from "../errors/parse-input.js";
import { type TenantVerification, type VerifyReport, verifyReportSchema } from "../verify/verify-report.js";
import { renderPage } from "./page.js";
import { pageSection } from "./page-section.js";
import { counted, grouped, lackingMigrations } from "./quantity.js";
import { namedDatabases } from "./reported-schema.js";
import { tenantGrid } from "./tenant-grid.js";
import { tiles } from "./tiles.js";
import { driftSection } from "./verify-drift.js";
import { groupAnchor, groupTable, type ShownGroups, showGroups, toneOf } from "./verify-groups.js";
import { goneSchemas, unreadableSchemas, verifyRemarks } from "./verify-remarks.js";

/**
 * What a verification found as one HTML page to look at, to attach to a pipeline's run or to send to somebody.
 *
 * The page shows every schema as a cell coloured by its state, drifted ones by their group; tells of each group, the
 * largest first, in what it differs and the SQL that would mend it; and lists what could not be read, and why. It needs
 * nothing besides itself, as {@link renderSyncReportHtml} says, and every value of the report is escaped.
 *
 * The function reads and writes nothing. A report that was stored as JSON renders as well as a fresh one. Of more than
 * 200 groups the page has the largest.
 *
 * @returns the page, as text to be stored in UTF-8
 * @throws {@link InvalidInputError} `INVALID_INPUT` when it is no report of a verification
 *
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { renderVerifyReportHtml, verifyTenantSchemas } from "marketplace-jobs";
 *
 * const report = await verifyTenantSchemas(db);
 * await writeFile(new URL("verify.html", import.meta.url), renderVerifyReportHtml(report));
 * ```
 */
export function renderVerifyReportHtml(report: VerifyReport): string {
  const valid = parseInput(verifyReportSchema, report, {
    subject: "renderVerifyReportHtml report",
    code: "INVALID_INPUT",
  });
  const { status, startedAt, durationMs, summary, tenants } = valid;
  const groups = showGroups(valid);
  const cells = tenants.map((tenant, index) => ({
    ...tenant,
    tone: toneOf(tenant, groups),
    words: cellWords(tenant),
    anchor: tenant.state === "unreadable" ? `schema-${index + 1}` : anchorOfGroup(tenant, groups),
  }));
  const pendingCanonical = tenants.filter(({ state, pending }) => state === "canonical" && pending.length > 0).length;
  const legend = [
    { tone: "good" as const, count: summary.canonical - pendingCanonical, words: "canonical" },
    { tone: "back" as const, count: pendingCanonical, words: "canonical, lacking migrations" },
    { tone: "bad" as const, count: summary.drifted, words: "drifted", anchor: "drifted" },
    { tone: "ahead" as const, count: summary.unreadable, words: "unreadable", anchor: "unreadable" },
    { tone: "gone" as const, count: summary.gone, words: "gone", anchor: "gone" },
  ].filter(({ count, words }) => count > 0 || words === "drifted");
  return renderPage({
    kind: "Structure of tenant schemas",
    status,
    tone: status === "ok" ? "good" : "bad",
    headline: headlineOf(valid),
    startedAt,
    durationMs,
    databases: namedDatabases(tenants),
    sections: [
      pageSection({
        id: "schemas",
        heading: counted(tenants.length, "schema"),
        body: [tiles(legend), tenantGrid(cells)],
      }),
      ...[
        valid.groups.length === 0
          ? []
          : pageSection({ id: "groups", heading: "Structures that were met", body: groupTable(groups) }),
        driftSection(valid, groups),
        unreadableSchemas(cells),
        goneSchemas(valid),
        verifyRemarks(valid),
      ].flat(),
    ],
  });
}

/** Groups too small to be shown have no place to lead to. */
function anchorOfGroup({ state, group }: TenantVerification, { tones }: ShownGroups): string | undefined {
  return state === "drifted" && group !== null && tones.has(group) ? groupAnchor(group) : undefined;
}

function headlineOf({ status, summary, tenants }: VerifyReport): string {
  const of = `of ${counted(tenants.length, "schema")}`;
  const pending = summary.pending === 0 ? [] : [lackingMigrations(summary.pending)];
  const wrong = [
    ...(summary.drifted > 0 ? [`${grouped(summary.drifted)} ${of} drifted`] : []),
    ...(summary.unreadable > 0 ? [`${grouped(summary.unreadable)} ${of} could not be read`] : []),
  ];
  if (status !== "ok") return [...wrong, ...pending].join(", ");
  if (tenants.length === 0) return "no schema was looked at";
  return [`${grouped(summary.canonical)} ${of} canonical`, ...pending].join(", ");
}

function cellWords({ role, state, group, migration, pending, error }: TenantVerification): string {
  return [
    ...(role === "tenant" ? [] : [role]),
    state,
    ...(state === "drifted" && group !== null ? [`group ${group}`] : []),
    ...(error === undefined ? [] : [error.code]),
    ...(state === "gone" || state === "unreadable" ? [] : [`at ${migration ?? "no migration"}`]),
    ...(pending.length === 0 ? [] : [`${counted(pending.length, "migration")} pending`]),
  ].join(", ");
}
