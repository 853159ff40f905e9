import { type Markup, markup } from "./markup.js";
import { counted } from "./quantity.js";
import { inOrderOfNames, namedDatabases, type ReportedSchema } from "./reported-schema.js";
import type { Tone } from "./tone.js";

export interface GridCell extends ReportedSchema {
  readonly role: string;
  readonly tone: Tone;
  /** What the cell says besides the schema's name. */
  readonly words: string;
  /** Where on the page there is more about this schema. */
  readonly anchor?: string | undefined;
}

/** Up to so many, cells show names from the start. */
const NAMED_CELLS = 40;
/** Up to so many, cells are large; above the second number they are as small as can still be told apart. */
const LARGE_CELLS = 600;
const MIDDLE_CELLS = 3_000;

/**
 * One cell a schema, for each database by itself. A cell is a list item with its name as text, which a check box
 * shows: touch screens and keyboards have no pointer to hover with, and the browser's search finds names.
 */
export function tenantGrid(cells: readonly GridCell[]): Markup {
  if (cells.length === 0) return markup`<p>No schema was concerned.</p>`;
  const databases = namedDatabases(cells);
  if (databases.length < 2) return grid(cells, { label: "All schemas", id: "grid" });
  const byDatabase = Map.groupBy(cells, ({ database }) => database);
  return markup`${databases.map((database, index) => {
    const own = byDatabase.get(database) ?? [];
    return markup`<h3>${database}: ${counted(own.length, "schema")}</h3>
${grid(own, { label: `All schemas of ${database}`, id: `grid-${index + 1}` })}`;
  })}`;
}

interface GridParams {
  readonly label: string;
  readonly id: string;
}

function grid(cells: readonly GridCell[], { label, id }: GridParams): Markup {
  // The shared schema and the template come first, as in the run.
  const [ahead, tenants] = [cells.filter(isNoTenant), inOrderOfNames(cells.filter((cell) => !isNoTenant(cell)))];
  const checked = cells.length <= NAMED_CELLS ? markup` checked` : [];
  return markup`<div class="map"><input type="checkbox" class="with-names" id="${id}"${checked}><label for="${id}">Show names</label>
<ul class="grid ${sizeOf(cells.length)}" aria-label="${label}">${[...ahead, ...tenants].map(listItem)}</ul></div>`;
}

function listItem({ schema, tone, words, anchor }: GridCell): Markup {
  const title = `${schema}: ${words}`;
  // Without closing tags and blanks between cells: most of a page is these lines, and each would be a node more.
  return anchor === undefined
    ? markup`<li class="${tone}"\ntitle="${title}">${schema}`
    : markup`<li class="${tone}"\ntitle="${title}"><a href="#${anchor}">${schema}</a>`;
}

function isNoTenant({ role }: GridCell): boolean {
  return role === "shared" || role === "template";
}

function sizeOf(count: number): "large" | "middle" | "small" {
  if (count <= LARGE_CELLS) return "large";
  return count <= MIDDLE_CELLS ? "middle" : "small";
}
