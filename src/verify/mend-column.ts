import { ownIdentity } from "../../migrations/own-identity.js";
import { quoteIdentifier } from "../../migrations/quoting.js";
import { type ColumnDefinition, isWidening, parseColumnDefinition } from "./column-definition.js";
import type { Mend } from "./drift.js";
import type { ManifestItem } from "./manifest.js";
import type { StructureItem } from "./structure-item.js";

/** Adds a missing column, where the rows that are there get a value. */
export function addColumn({ table, name, definition }: ManifestItem): Mend {
  const { isRequired, fallback } = parseColumnDefinition(definition);
  if (isRequired && fallback === undefined) {
    return { refusal: "It is required and has no default: nobody knows its value for the rows that are there." };
  }
  return { sql: (schema) => `alter table ${quoteIdentifier(schema)}.${table} add column ${name} ${definition};` };
}

/** Gives a column its default, its NOT NULL, a wider type; the ids a sequence of the table's own. */
export function alterColumn({ table, name, definition }: ManifestItem, here: StructureItem): Mend {
  const wanted = parseColumnDefinition(definition);
  const present = parseColumnDefinition(here.definition);
  if (name === "id" && present.type === wanted.type && !present.generation.includes("(")) return ownSequence(table);
  const refusal = reasonToRefuse(wanted, present);
  if (refusal !== undefined) return { refusal };
  const actions = [
    ...(present.type === wanted.type ? [] : [`type ${wanted.type}`]),
    ...(present.fallback === wanted.fallback
      ? []
      : [wanted.fallback === undefined ? "drop default" : `set default ${wanted.fallback}`]),
    ...(present.isRequired === wanted.isRequired ? [] : [wanted.isRequired ? "set not null" : "drop not null"]),
  ].map((action) => `alter column ${name} ${action}`);
  return { sql: (schema) => `alter table ${quoteIdentifier(schema)}.${table} ${actions.join(", ")};` };
}

/** Gives the table's ids a sequence of its own, above every id that was given out. */
export function ownSequence(table: string): Mend {
  return { sql: (schema) => ownIdentity(schema, table) };
}

function reasonToRefuse(wanted: ColumnDefinition, present: ColumnDefinition): string | undefined {
  if (present.type !== wanted.type && !isWidening(present.type, wanted.type)) {
    return `Not every value of ${present.type} is one of ${wanted.type}. Look at the rows, then alter the column's type.`;
  }
  if (present.generation !== wanted.generation) {
    return "Its values are computed. Drop the expression (ALTER COLUMN … DROP EXPRESSION) where they are to be kept as they are.";
  }
  if (present.collation !== wanted.collation) {
    return "Under another collation, equal values may differ and unique ones may not. Alter the column's type with COLLATE.";
  }
  return undefined;
}
