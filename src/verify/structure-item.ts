/** What a structural item is. `type`, `trigger`, `policy` and `view` are never ours once a tenant is canonical. */
export type StructureKind =
  | "table"
  | "column"
  | "constraint"
  | "index"
  | "sequence"
  | "type"
  | "trigger"
  | "policy"
  | "view";

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
