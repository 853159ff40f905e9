import type { ExtraObject } from "../verify/drift.js";
import type { TenantVerification, VerifyReport } from "../verify/verify-report.js";
import { type FailedSchema, failureArticles } from "./failure-articles.js";
import { lines, type Markup, markup } from "./markup.js";
import { pageSection } from "./page-section.js";
import { counted, grouped } from "./quantity.js";
import type { ReportedSchema } from "./reported-schema.js";
import { type NamedSchema, schemaNames } from "./schema-names.js";

/** How many different objects or notices are listed; those in the most schemas come first. */
const REMARKS_SHOWN = 200;

/** Schemas about which nothing is known, and why. */
export function unreadableSchemas(schemas: readonly (FailedSchema & Pick<TenantVerification, "state">)[]): Markup | [] {
  const unreadable = schemas.filter(({ state }) => state === "unreadable");
  if (unreadable.length === 0) return [];
  const heading = `Unreadable: ${counted(unreadable.length, "schema")}`;
  return pageSection({ id: "unreadable", heading, body: failureArticles(unreadable) });
}

/** Schemas that were dropped while they were read. */
export function goneSchemas({ tenants }: VerifyReport): Markup | [] {
  const gone = tenants.filter(({ state }) => state === "gone");
  if (gone.length === 0) return [];
  return pageSection({
    id: "gone",
    heading: `Gone meanwhile: ${counted(gone.length, "schema")}`,
    body: schemaNames(gone.map(named)),
  });
}

/** What is no drift: a host's own objects, what the legacy tables left behind, and notices; folded. */
export function verifyRemarks({ tenants }: VerifyReport): Markup | [] {
  const parts = [
    foldedObjects(tenants, "extra", "of your own", "They are left alone."),
    foldedObjects(tenants, "leftOver", "that the legacy tables left behind", "Nothing of ours uses them."),
    foldedNotices(tenants),
  ].flat();
  return parts.length === 0 ? [] : pageSection({ id: "remarks", heading: "No drift, yet there", body: parts });
}

function foldedObjects(
  tenants: readonly TenantVerification[],
  list: "extra" | "leftOver",
  whose: string,
  remark: string,
): Markup | [] {
  const found = mostFrequentFirst(
    tenants.flatMap((tenant) => tenant[list].map((object) => ({ key: JSON.stringify(object), item: object, tenant }))),
  );
  if (found.length === 0) return [];
  const rows = found.slice(0, REMARKS_SHOWN).map(
    ({
      item: { kind, table, name, definition },
      in: schemas,
    }: Frequent<ExtraObject>) => markup`<tr><td class="number">${grouped(schemas.length)}</td><td class="name">${schemas[0]?.schema ?? ""}</td><td>${kind}</td><td>${table}</td><th scope="row">${name}</th><td><code>${lines(definition)}</code></td></tr>
`,
  );
  return markup`<details class="fold"><summary>${counted(found.length, "object")} ${whose}</summary><p>${remark}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Objects ${whose}"><table>
<thead><tr><th scope="col" class="number">Schemas</th><th scope="col">First</th><th scope="col">Kind</th><th scope="col">Table</th><th scope="col">Name</th><th scope="col">Definition</th></tr></thead>
<tbody>
${rows}</tbody></table></div>${cut(found.length)}</details>
`;
}

function foldedNotices(tenants: readonly TenantVerification[]): Markup | [] {
  const found = mostFrequentFirst(
    tenants.flatMap((tenant) => tenant.notices.map((notice) => ({ key: notice, item: notice, tenant }))),
  );
  if (found.length === 0) return [];
  return markup`<details class="fold"><summary>${counted(found.length, "notice")}</summary>
${found.slice(0, REMARKS_SHOWN).map(({ item, in: schemas }) => markup`<div class="entry">${schemaNames(schemas)}<p class="message">${lines(item)}</p></div>\n`)}${cut(found.length)}</details>
`;
}

interface Frequent<Item> {
  readonly item: Item;
  readonly in: readonly NamedSchema[];
}

function mostFrequentFirst<Item>(
  found: readonly { readonly key: string; readonly item: Item; readonly tenant: TenantVerification }[],
): readonly Frequent<Item>[] {
  return [...Map.groupBy(found, ({ key }) => key).values()]
    .flatMap((alike) => {
      const [first] = alike;
      return first === undefined ? [] : [{ item: first.item, in: alike.map(({ tenant }) => named(tenant)) }];
    })
    .toSorted((a, b) => b.in.length - a.in.length);
}

function cut(count: number): Markup | [] {
  const hidden = count - REMARKS_SHOWN;
  return hidden <= 0 ? [] : markup`<p>… and ${grouped(hidden)} more, in the report as JSON.</p>`;
}

function named({ database, schema }: ReportedSchema): NamedSchema {
  return { database, schema };
}
