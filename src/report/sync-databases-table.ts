import { syncOutcomes, type SyncReport } from "../sync/sync-report.js";
import { type Markup, markup } from "./markup.js";
import { pageSection } from "./page-section.js";
import { grouped } from "./quantity.js";
import { namedDatabases } from "./reported-schema.js";
import { outcomeWords } from "./sync-outcome-words.js";

/** The counts of each database, when there are several. */
export function syncDatabasesTable(report: SyncReport): Markup | [] {
  const databases = namedDatabases(report.tenants);
  if (databases.length < 2) return [];
  const byDatabase = Map.groupBy(report.tenants, ({ database }) => database);
  const outcomes = syncOutcomes.filter((outcome) => report.summary[outcome] > 0);
  const rows = databases.map((database) => {
    const own = byDatabase.get(database) ?? [];
    const counts = outcomes.map((outcome) => own.filter((tenant) => tenant.outcome === outcome).length);
    return markup`<tr><th scope="row" class="name">${database}</th><td class="number">${grouped(own.length)}</td>${counts.map(
      (count) => markup`<td class="number">${grouped(count)}</td>`,
    )}</tr>
`;
  });
  const body = markup`<div class="scroll" tabindex="0" role="region" aria-label="Counts of each database"><table>
<thead><tr><th scope="col">Database</th><th scope="col" class="number">Schemas</th>${outcomes.map(
    (outcome) => markup`<th scope="col" class="number">${outcomeWords(outcome, report)}</th>`,
  )}</tr></thead>
<tbody>
${rows}</tbody></table></div>`;
  return pageSection({ id: "databases", heading: "Databases", body });
}
