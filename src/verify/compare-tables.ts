import type { UnmendedDrift } from "./drift.js";
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
    const base = {
      kind: "table",
      table: item.name,
      name: item.name,
      expected: item.definition,
      mendedBy: item.since,
    } as const;
    const formerName = FORMER_NAMES[item.name];
    const former = formerName === undefined ? undefined : present.get(formerName);
    const here = present.get(item.name);
    if (here !== undefined) {
      tables.push({ expectedName: item.name, foundName: item.name, since: item.since });
      if (here.definition !== item.definition) {
        const message = `${item.name} is a ${here.definition}, not a ${item.definition}`;
        drift.push({ ...base, difference: "different", message, found: here.definition });
      }
      if (former !== undefined) {
        const message = `${former.name} stands beside ${item.name}, which replaces it`;
        drift.push({ ...base, name: former.name, difference: "superfluous", message, found: former.definition });
      }
    } else if (former !== undefined) {
      tables.push({ expectedName: item.name, foundName: former.name, since: item.since });
      const message = `table ${item.name} still has its former name ${former.name}`;
      drift.push({ ...base, difference: "misnamed", message, found: former.name });
    } else {
      drift.push({ ...base, difference: "missing", message: `table ${item.name} is missing` });
    }
  }
  return { tables, drift };
}
