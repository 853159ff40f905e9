import { createHash } from "node:crypto";
import type { StructureComparison } from "./drift.js";
import type { StructureItem } from "./structure-item.js";

/**
 * A hash of what is ours in a structure: what a host has added, and what the legacy tables left, does not count. What
 * is as it should be counts by its canonical name, the rest by its name without the tenant's.
 *
 * @param items the structure with names that are free of the tenant's
 * @param restored the same items in the same order with their names in the tenant, as they were compared
 */
export function fingerprintOf(
  items: readonly StructureItem[],
  restored: readonly StructureItem[],
  { extra, leftOver, canonicalNames }: StructureComparison,
): string {
  const foreign = new Set([...extra, ...leftOver]);
  const ours = items.flatMap(({ kind, table, name, definition }, index) => {
    const here = restored[index];
    if (here === undefined || foreign.has(here)) return [];
    return [JSON.stringify([kind, table, canonicalNames.get(here) ?? name, definition])];
  });
  return createHash("sha256").update(ours.toSorted().join("\n")).digest("hex").slice(0, 32);
}
