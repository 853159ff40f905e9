/** What a structural item is. Those after `sequence` are never ours once a tenant is canonical. */
export const structureKinds = [
  "table",
  "column",
  "constraint",
  "index",
  "sequence",
  "type",
  "trigger",
  "policy",
  "rule",
  "statistics",
  "view",
] as const;

/** One of {@link structureKinds}. */
export type StructureKind = (typeof structureKinds)[number];

/**
 * One fact about a tenant's structure, free of the tenant's name: its own schema is left out of every definition, and
 * neither positions nor oids occur, so that equal structures give equal items.
 */
export interface StructureItem {
  readonly kind: StructureKind;
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}
