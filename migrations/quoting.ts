/** A name as an SQL identifier that is valid whatever the name contains. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A text as an SQL string constant. One that holds a backslash becomes an E'' constant, which reads the same whether
 * or not the server has standard_conforming_strings on.
 */
export function quoteLiteral(text: string): string {
  const quoted = text.replaceAll("'", "''");
  return quoted.includes("\\") ? `E'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`;
}

/**
 * A PL/pgSQL block. Its body is a quoted constant and never dollar-quoted: a schema name may contain any dollar tag,
 * but it cannot close a constant whose quotes are doubled.
 */
export function doBlock(body: string): string {
  return `do ${quoteLiteral(body)};`;
}
