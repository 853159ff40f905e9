import { compareTables } from "./compare-tables.js";
import { compareColumns } from "./compare-columns.js";
import { compareDefinitions } from "./compare-definitions.js";
import type { StructureComparison, UnmendedDrift } from "./drift.js";
import type { ManifestItem } from "./manifest.js";
import type { StructureItem, StructureKind } from "./structure-item.js";

export interface ItemsByKind<Item> {
  of(kind: StructureKind, table: string): readonly Item[];
}

/** Compares what a schema has with what it should have. Pure: equal input gives an equal answer, in the same order. */
export function compareStructure(
  expected: readonly ManifestItem[],
  found: readonly StructureItem[],
): StructureComparison {
  const drift: UnmendedDrift[] = [];
  const extra: StructureItem[] = [];
  const leftOver = found.filter(({ table }) => table === "");
  const { tables, drift: tableDrift } = compareTables(expected, found);
  drift.push(...tableDrift);
  for (const table of tables) {
    const wanted = expected.filter((item) => item.table === table.expectedName);
    const present = found.filter((item) => item.table === table.foundName);
    for (const part of [compareColumns(table, wanted, present), compareDefinitions(table, wanted, present)]) {
      drift.push(...part.drift);
      extra.push(...part.extra);
    }
    extra.push(...present.filter(({ kind }) => kind === "trigger" || kind === "policy" || kind === "view"));
  }
  return { drift, extra, leftOver };
}
