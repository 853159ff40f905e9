import type { Drift } from "../verify/drift.js";
import type { StructureGroup, TenantVerification, VerifyReport } from "../verify/verify-report.js";
import { lines, type Markup, markup } from "./markup.js";
import { pageSection } from "./page-section.js";
import { counted } from "./quantity.js";
import { nameOf } from "./reported-schema.js";
import { schemaNames } from "./schema-names.js";
import { groupAnchor, type ShownGroups } from "./verify-groups.js";

/** The drifted groups, the largest first: in what they differ, and what would mend it. */
export function driftSection({ tenants, summary }: VerifyReport, { shown }: ShownGroups): Markup | [] {
  const drifted = shown.filter(({ state }) => state === "drifted");
  if (drifted.length === 0) return [];
  const members = Map.groupBy(tenants, ({ group }) => group);
  return pageSection({
    id: "drifted",
    heading: `Drifted: ${counted(summary.drifted, "schema")}`,
    body: drifted.map((group) => groupArticle(group, members.get(group.group) ?? [])),
  });
}

function groupArticle(
  { group, example, migration, tenants }: StructureGroup,
  members: readonly TenantVerification[],
): Markup {
  const shown =
    members.find(({ database, schema }) => database === example.database && schema === example.schema) ?? members[0];
  const drift: readonly Drift[] = shown?.drift ?? [];
  return markup`<article class="failure" id="${groupAnchor(group)}">
<h3>group ${group} <span class="soft">· ${counted(tenants, "schema")} · ${counted(drift.length, "difference")}${
    migration === null ? " · no migration recorded" : markup` · at <code>${migration}</code>`
  }</span></h3>
${schemaNames(members.map(({ database, schema }) => ({ database, schema })))}
<ol class="drift">
${drift.map(driftItem)}</ol>
${
  tenants > 1 && drift.some(({ mend }) => mend !== undefined)
    ? markup`<p class="soft">The SQL is that for <span class="name">${nameOf(example)}</span>; <code>marketplace-jobs repair</code> runs the same for each of them.</p>`
    : []
}</article>
`;
}

function driftItem({ message, expected, found, pendingMigration, mend, refusal }: Drift): Markup {
  const definitions = [
    ...(expected === undefined ? [] : [markup`<dt>expected</dt><dd><code>${lines(expected)}</code></dd>`]),
    ...(found === undefined ? [] : [markup`<dt>found</dt><dd><code>${lines(found)}</code></dd>`]),
  ];
  return markup`<li><p class="message">${lines(message)}</p>
${pendingMigration === undefined ? [] : markup`<p class="hint"><b>What to do:</b> sync; <code>${pendingMigration}</code> brings it.</p>`}${
    refusal === undefined ? [] : markup`<p class="hint"><b>To be mended by hand:</b> ${lines(refusal)}</p>`
  }${mend === undefined ? [] : markup`<pre tabindex="0" role="region" aria-label="SQL that mends it">\n${lines(mend)}</pre>`}${
    definitions.length === 0 ? [] : markup`<details><summary>Definitions</summary><dl>${definitions}</dl></details>`
  }</li>
`;
}
