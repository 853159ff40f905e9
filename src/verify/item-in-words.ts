import type { StructureItem } from "./structure-item.js";

/** What an item is, as a person would call it: `foreign key`, `unique index`. */
export function kindInWords({ kind, definition }: Pick<StructureItem, "kind" | "definition">): string {
  if (kind === "index") return definition.startsWith("unique ") ? "unique index" : "index";
  if (kind !== "constraint") return kind;
  if (definition.startsWith("PRIMARY KEY")) return "primary key";
  if (definition.startsWith("FOREIGN KEY")) return "foreign key";
  if (definition.startsWith("UNIQUE")) return "unique constraint";
  return definition.startsWith("CHECK") ? "check" : "constraint";
}
