import type { TenantSyncFailure } from "../sync/sync-report.js";
import { type BlockedSchema, blockerTable } from "./blocker-table.js";
import { lines, type Markup, markup } from "./markup.js";
import { counted } from "./quantity.js";
import { type NamedSchema, schemaNames } from "./schema-names.js";

/** How many different messages a page spells out; thousands of schemas that fail each in its own words are cut here. */
const MESSAGES_SHOWN = 1_000;

export interface FailedSchema extends NamedSchema, BlockedSchema {
  readonly error?: TenantSyncFailure | undefined;
}

/** The schemas of reports let a schema fail without an error. */
const NO_ERROR: TenantSyncFailure = { code: "FAILED", message: "The report does not say why." };

/** What failed where, why, and what to do about it; schemas that failed in the same way stand together. */
export function failureArticles(failed: readonly FailedSchema[]): readonly Markup[] {
  let left = MESSAGES_SHOWN;
  const ways = Map.groupBy(failed, ({ error = NO_ERROR }) =>
    JSON.stringify([error.code, error.sqlState, error.migration, error.hint]),
  );
  return [...ways.values()]
    .toSorted((a, b) => b.length - a.length)
    .map((way) => {
      const messages = [
        ...Map.groupBy(way, ({ error = NO_ERROR }) => JSON.stringify([error.message, error.details])).values(),
      ];
      const shown = messages.slice(0, left);
      left -= shown.length;
      return article(way, shown, messages.slice(shown.length).flat());
    });
}

function article(
  way: readonly FailedSchema[],
  shown: readonly (readonly FailedSchema[])[],
  others: readonly FailedSchema[],
): Markup {
  const { code, sqlState, migration, hint } = way[0]?.error ?? NO_ERROR;
  const where = [
    ...(sqlState === undefined ? [] : [markup` <span class="soft">SQLSTATE</span> <code>${sqlState}</code>`]),
    ...(migration === undefined ? [] : [markup` <span class="soft">at</span> <code>${migration}</code>`]),
  ];
  return markup`<article class="failure">
<h3><code>${code}</code>${where} <span class="soft">· ${counted(way.length, "schema")}</span></h3>
${hint === undefined ? [] : markup`<p class="hint"><b>What to do:</b> ${lines(hint)}</p>\n`}${shown.map(entry)}${
    others.length === 0
      ? []
      : markup`<div class="entry">${schemaNames(others)}<p>What was said of these is in the report as JSON.</p></div>\n`
  }</article>
`;
}

function entry(alike: readonly FailedSchema[]): Markup {
  const { message, details } = alike[0]?.error ?? NO_ERROR;
  const folded =
    details === undefined
      ? []
      : markup`<details><summary>Details</summary><pre>\n${lines(JSON.stringify(details, null, 2))}</pre></details>`;
  return markup`<div class="entry">${schemaNames(alike)}<div><p class="message">${lines(message)}</p>${folded}${blockerTable(alike)}</div></div>
`;
}
