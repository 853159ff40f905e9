import type { ColumnUse } from "./column-use.js";

/** The uses by names that are the same in every tenant: without its schema, which stands before what is in it. */
export function tenantFreeUses(uses: readonly ColumnUse[], prefix = ""): ColumnUse[] {
  return uses.map((use) => ({ ...use, name: prefix === "" ? use.name : use.name.replaceAll(prefix, "") }));
}
