import type { Blocker } from "../sync/sync-report.js";
import { type Markup, markup } from "./markup.js";
import { duration } from "./quantity.js";
import { nameOf, type ReportedSchema } from "./reported-schema.js";

export interface BlockedSchema extends ReportedSchema {
  readonly blockedBy?: readonly Blocker[] | undefined;
}

/** Who held the locks that schemas waited for. */
export function blockerTable(schemas: readonly BlockedSchema[]): Markup | [] {
  const rows = schemas.flatMap((schema) =>
    (schema.blockedBy ?? []).map(
      ({ pid, applicationName, state, ageMs }) => markup`<tr><th scope="row" class="name">${nameOf(schema)}</th>
<td class="number">${pid}</td><td>${applicationName || "no name"}</td><td>${state}</td><td class="number">${duration(ageMs)}</td></tr>
`,
    ),
  );
  if (rows.length === 0) return [];
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Sessions in the way"><table>
<caption>Sessions in the way</caption>
<thead><tr><th scope="col">Schema</th><th scope="col" class="number">Process</th><th scope="col">Application</th><th scope="col">State</th><th scope="col" class="number">For</th></tr></thead>
<tbody>
${rows}</tbody></table></div>`;
}
