import { quoteLiteral } from "./quoting.js";

/**
 * A definition as PostgreSQL prints it, without casts between text and varchar and without parentheses. A definition
 * that was dumped and restored, as pg_upgrade does it, means the same and prints with other casts.
 */
export function meaningOf(printed: string): string {
  return printed.replaceAll(/::(?:character varying|text)(?:\[\])?/g, "").replaceAll(/[()]/g, "");
}

/** SQL expression: {@link meaningOf} of what an SQL expression prints. */
export function meaningInSql(printed: string): string {
  const casts = quoteLiteral(String.raw`::(character varying|text)(\[\])?`);
  return `translate(regexp_replace(${printed}, ${casts}, '', 'g'), '()', '')`;
}
