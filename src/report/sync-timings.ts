import type { SyncReport } from "../sync/sync-report.js";
import { histogram } from "./histogram.js";
import { type Markup, markup } from "./markup.js";
import { pageSection } from "./page-section.js";
import { counted, duration } from "./quantity.js";
import { nameOf } from "./reported-schema.js";
import { outcomeWords } from "./sync-outcome-words.js";

const SLOWEST_SHOWN = 10;

/** How long schemas took, and which took longest; a dry run has no times to tell. */
export function syncTimings(report: SyncReport): Markup | [] {
  const { tenants, summary, dryRun } = report;
  const tried = tenants.filter(({ attempts }) => attempts > 0);
  if (dryRun || tried.length === 0) return [];
  // What p50Ms and p95Ms of the summary are about.
  const durationsMs = tenants.filter(({ applied }) => applied.length > 0).map(({ durationMs }) => durationMs);
  return pageSection({
    id: "timings",
    heading: "Timings",
    body: [
      ...(durationsMs.length === 0
        ? []
        : [
            markup`<p>Half of the schemas that were changed took up to <b>${duration(summary.p50Ms)}</b>, 95 % up to
<b>${duration(summary.p95Ms)}</b>; ${counted(summary.retries, "retry", "retries")}.</p>
${durationsMs.length > 1 ? histogram({ durationsMs, p50Ms: summary.p50Ms, p95Ms: summary.p95Ms }) : []}`,
          ]),
      slowest(report),
    ],
  });
}

function slowest(report: SyncReport): Markup {
  const schemas = report.tenants
    .filter(({ attempts }) => attempts > 0)
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, SLOWEST_SHOWN);
  const rows = schemas.map(
    (
      tenant,
    ) => markup`<tr><th scope="row" class="name">${nameOf(tenant)}</th><td>${outcomeWords(tenant.outcome, report)}</td>
<td class="number">${duration(tenant.durationMs)}</td><td class="number">${tenant.attempts}</td><td class="number">${tenant.applied.length}</td></tr>
`,
  );
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="The slowest"><table>
<caption>The slowest</caption>
<thead><tr><th scope="col">Schema</th><th scope="col">Outcome</th><th scope="col" class="number">Took</th><th scope="col" class="number">Attempts</th><th scope="col" class="number">Migrations</th></tr></thead>
<tbody>
${rows}</tbody></table></div>`;
}
