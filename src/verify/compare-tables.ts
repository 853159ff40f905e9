import { quoteIdentifier } from "../../migrations/quoting.js";
import type { Mend, UnmendedDrift } from "./drift.js";
import type { ManifestItem } from "./manifest.js";
import type { StructureItem } from "./structure-item.js";

/** A table that is there, perhaps still under its former name. */
export interface ComparedTable {
  readonly expectedName: string;
  readonly foundName: string;
  /** The migration that creates or adopts it. */
  readonly since: string;
}

const FORMER_NAMES: Readonly<Record<string, string>> = { marketplace_job_stats: "vinted_job_stats" };

/** Which of the tables are there; one that is missing is one drift, not one for each of its columns. */
export function compareTables(
  expected: readonly ManifestItem[],
  found: readonly StructureItem[],
): { readonly tables: readonly ComparedTable[]; readonly drift: readonly UnmendedDrift[] } {
  const present = new Map(found.filter(({ kind }) => kind === "table").map((item) => [item.name, item]));
  const tables: ComparedTable[] = [];
  const drift: UnmendedDrift[] = [];
  for (const item of expected.filter(({ kind }) => kind === "table")) {
    const here = present.get(item.name);
    const former = present.get(FORMER_NAMES[item.name] ?? "");
    if (here === undefined) {
      drift.push(former === undefined ? missing(item) : renamed(item, former));
      if (former !== undefined) {
        tables.push({ expectedName: item.name, foundName: former.name, since: item.since });
      }
      continue;
    }
    if (here.definition !== item.definition) drift.push(different(item, here));
    // Nothing can be said about the columns and indexes of a view.
    if (here.definition.startsWith("table")) {
      tables.push({ expectedName: item.name, foundName: item.name, since: item.since });
    }
    if (former !== undefined) drift.push(replaced(item, former));
  }
  return { tables, drift };
}

function missing(item: ManifestItem): UnmendedDrift {
  return {
    ...about(item, `table ${item.name} is missing`),
    difference: "missing",
    mend: {
      refusal:
        "Its rows are not in the catalog. Restore the table from a backup; where it never held any, take its " +
        "migrations out of the ledger and sync.",
    },
  };
}

function renamed(item: ManifestItem, former: StructureItem): UnmendedDrift {
  return {
    ...about(item, `table ${item.name} still has its former name ${former.name}`),
    difference: "misnamed",
    expected: item.name,
    found: former.name,
    mend: { refusal: `More than its name has changed. Take ${item.since} out of the ledger and sync.` },
  };
}

function different(item: ManifestItem, here: StructureItem): UnmendedDrift {
  const mend: Mend =
    here.definition === "table, unlogged"
      ? { sql: (schema) => `alter table ${quoteIdentifier(schema)}.${item.name} set logged;` }
      : { refusal: `Move what it shows into a table of that name.` };
  const message =
    here.definition === "table, unlogged"
      ? `table ${item.name} is unlogged: a crash of the server empties it`
      : `${item.name} is a ${here.definition}, not a ${item.definition}`;
  return { ...about(item, message), difference: "different", found: here.definition, mend };
}

function replaced(item: ManifestItem, former: StructureItem): UnmendedDrift {
  return {
    ...about(item, `table ${former.name} stands beside ${item.name}, which replaces it`),
    name: former.name,
    difference: "superfluous",
    expected: undefined,
    found: former.definition,
    mend: { refusal: `It may hold counts. Take ${item.since} out of the ledger and sync, which adds them up.` },
  };
}

function about(
  item: ManifestItem,
  message: string,
): Pick<UnmendedDrift, "kind" | "table" | "name" | "expected" | "message" | "mendedBy"> {
  return { kind: "table", table: item.name, name: item.name, expected: item.definition, message, mendedBy: item.since };
}
