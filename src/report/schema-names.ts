import { type Markup, markup } from "./markup.js";
import { counted } from "./quantity.js";
import { inOrderOfNames, nameOf, type ReportedSchema } from "./reported-schema.js";

/** How many names are read at a glance; the others unfold. */
const NAMES_SHOWN = 12;

export interface NamedSchema extends ReportedSchema {
  /** Where links to this schema lead. */
  readonly anchor?: string | undefined;
}

/** A list of schemas by name, the first of them at once. */
export function schemaNames(schemas: readonly NamedSchema[]): Markup {
  const sorted = inOrderOfNames(schemas);
  // One name behind a fold takes more room than the name.
  const shown = sorted.length <= NAMES_SHOWN + 1 ? sorted : sorted.slice(0, NAMES_SHOWN);
  const folded = sorted.slice(shown.length);
  if (folded.length === 0) return markup`<div>${list(shown)}</div>`;
  return markup`<div>${list(shown)}<details><summary>and ${counted(folded.length, "more schema")}</summary>${list(folded)}</details></div>`;
}

function list(schemas: readonly NamedSchema[]): Markup {
  const items = schemas.map((schema) =>
    schema.anchor === undefined
      ? markup`<li>${nameOf(schema)}</li>\n`
      : markup`<li id="${schema.anchor}">${nameOf(schema)}</li>\n`,
  );
  return markup`<ul class="names">${items}</ul>`;
}
