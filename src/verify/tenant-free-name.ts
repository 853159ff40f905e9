/**
 * Names that carry the tenant's (`ix_user10_…`, `idx_10_…`) with a placeholder instead, so that tenants whose names
 * differ in nothing else are alike. The placeholders are control characters, which nobody has in a name.
 */
const SCHEMA = "\u0001";
const SCHEMA_WITHOUT_UNDERSCORES = "\u0002";
const NUMBER = "\u0003";

/** SQL for a name without the tenant's, from SQL expressions for the name and for its schema. */
export function tenantFreeName(name: string, schema: string): string {
  const plain = `replace(replace(${name}, ${schema}, chr(1)), replace(${schema}, '_', ''), chr(2))`;
  const number = `substring(${schema} from '[0-9]+$')`;
  return `case when position(${number} in ${name}) > 0
      then regexp_replace(${plain}, '(^|_)' || ${number} || '(?=_|$)', E'\\\\1' || chr(3), 'g')
      else ${plain} end`;
}

export function carriesTenant(name: string): boolean {
  return name.includes(SCHEMA) || name.includes(SCHEMA_WITHOUT_UNDERSCORES) || name.includes(NUMBER);
}

/** The name as that tenant has it; exactly what {@link tenantFreeName} was given. */
export function nameInTenant(name: string, schema: string): string {
  if (!carriesTenant(name)) return name;
  const number = /[0-9]+$/.exec(schema)?.[0] ?? "";
  return name
    .replaceAll(NUMBER, () => number)
    .replaceAll(SCHEMA_WITHOUT_UNDERSCORES, () => schema.replaceAll("_", ""))
    .replaceAll(SCHEMA, () => schema);
}
