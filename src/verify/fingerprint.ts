import { createHash } from "node:crypto";
import type { StructureComparison } from "./drift.js";
import type { StructureItem } from "./structure-item.js";

/** A hash of what is ours in a structure: what a host has added, and what the legacy tables left, does not count. */
export function fingerprintOf(structure: readonly StructureItem[], { extra, leftOver }: StructureComparison): string {
  const ours = structure.filter((item) => !extra.includes(item) && !leftOver.includes(item));
  return createHash("sha256")
    .update(JSON.stringify(ours.map(({ kind, table, name, definition }) => [kind, table, name, definition])))
    .digest("hex")
    .slice(0, 32);
}
