import { ownIdentity } from "../../migrations/own-identity.js";
import { quoteIdentifier } from "../../migrations/quoting.js";
import { wantedTable } from "./legacy-definitions.js";
import type { ManifestItem } from "./manifest.js";
import type { StructureItem } from "./structure-item.js";

/**
 * The statements that add a missing column, or give one its default and its NOT NULL back. None for a column of
 * another type: no cast is known to keep every value.
 */
export function mendColumn(
  wanted: ManifestItem,
  here: StructureItem | undefined,
): ((schema: string) => string) | undefined {
  const { table, name, definition } = wanted;
  // A required column without a default has no value for the rows that are there.
  if (here === undefined) {
    if (/ not null(?! default)/.test(definition)) return undefined;
    return (schema) => `alter table ${quoteIdentifier(schema)}.${table} add column ${name} ${definition};`;
  }
  const type = wantedTable(table)?.columns.find((column) => column.name === name)?.type;
  if (type === undefined || !isOfType(here.definition, type) || name === "id") return undefined;
  const fallback = / default (?<expression>.+)$/.exec(definition)?.groups?.["expression"];
  const actions = [
    `alter column ${name} ${fallback === undefined ? "drop default" : `set default ${fallback}`}`,
    `alter column ${name} ${definition.includes(" not null") ? "set" : "drop"} not null`,
  ];
  return (schema) => `alter table ${quoteIdentifier(schema)}.${table} ${actions.join(", ")};`;
}

/** Gives the table's ids a sequence of its own, above every id that was given out. */
export function mendIdentity(table: string): (schema: string) => string {
  return (schema) => ownIdentity(schema, table);
}

function isOfType(definition: string, type: string): boolean {
  return definition === type || definition.startsWith(`${type} not null`) || definition.startsWith(`${type} default`);
}
