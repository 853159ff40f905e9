import { compareColumns } from "./compare-columns.js";
import { compareDefinitions } from "./compare-definitions.js";
import { compareTables } from "./compare-tables.js";
import type { StructureComparison, UnmendedDrift } from "./drift.js";
import type { ManifestItem } from "./manifest.js";
import type { StructureItem } from "./structure-item.js";

/** Kinds that are never ours: what a host has hung on our tables. */
const HOST_KINDS: ReadonlySet<StructureItem["kind"]> = new Set(["trigger", "policy", "rule", "statistics", "view"]);

/** Compares what a schema has with what it should have. Pure: equal input gives an equal answer, in the same order. */
export function compareStructure(
  expected: readonly ManifestItem[],
  found: readonly StructureItem[],
): StructureComparison {
  const { tables, drift: tableDrift } = compareTables(expected, found);
  const drift: UnmendedDrift[] = [...tableDrift];
  const extra: StructureItem[] = [];
  const notices: string[] = [];
  const canonicalNames = new Map<StructureItem, string>();
  for (const table of tables) {
    const wanted = expected.filter((item) => item.table === table.expectedName);
    const present = found.filter((item) => item.table === table.foundName);
    const columns = compareColumns(table, wanted, present);
    const definitions = compareDefinitions(table, wanted, present);
    const isRenamed = table.foundName !== table.expectedName;
    drift.push(...[...columns.drift, ...definitions.drift].map((item) => (isRenamed ? withoutMend(item) : item)));
    extra.push(...columns.extra, ...definitions.extra, ...present.filter(({ kind }) => HOST_KINDS.has(kind)));
    notices.push(...columns.notices);
    for (const [item, name] of definitions.canonicalNames) canonicalNames.set(item, name);
  }
  return { drift, extra, leftOver: found.filter(({ table }) => table === ""), notices, canonicalNames };
}

function withoutMend(drift: UnmendedDrift): UnmendedDrift {
  return { ...drift, mend: { refusal: "The table has to get its name first." } };
}
