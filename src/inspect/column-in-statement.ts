import type { TenantColumn } from "../column-use/column-use.js";
import { type SqlToken, tokensOf } from "./sql-tokens.js";

export interface StatementReaderParams extends TenantColumn {
  /** Other tables of a tenant that have a column of this name. */
  readonly otherTables: readonly string[];
}

/** A statement that names the column. */
export interface ColumnInStatement {
  /** The schemas by which it qualifies the table; none when it leaves that to the search path. */
  readonly schemas: readonly string[];
  /** Equal for statements that differ in their schemas and constants alone; as good as the text, so nothing to tell. */
  readonly shape: string;
}

/** Statements about structure: what they leave behind is found in the catalog. */
const STRUCTURE = /^(alter|drop|comment|grant|revoke|lock|analyze|analyse|vacuum|cluster|reindex|truncate)$/;

/**
 * Looks for the column in a text of one or more statements, of which the last may be cut off.
 *
 * A column that is qualified, by the table's name or its alias, is certain. One that is not counts as the table's,
 * unless the statement also names another table that has such a column: then only where it is written to, in the
 * column list of an INSERT or the SET of an UPDATE.
 */
export function columnInStatements(text: string, params: StatementReaderParams): readonly ColumnInStatement[] {
  return statementsOf(tokensOf(text))
    .filter((tokens) => !isAboutStructure(tokens) && namesColumn(tokens, params))
    .map((tokens) => {
      const schemas = schemasOf(tokens, params.table);
      return { schemas, shape: shapeOf(tokens, schemas) };
    });
}

/** The shapes of all statements of a text, whatever they name. */
export function shapesOf(text: string, table: string): string[] {
  return statementsOf(tokensOf(text)).map((tokens) => shapeOf(tokens, schemasOf(tokens, table)));
}

function statementsOf(tokens: readonly SqlToken[]): SqlToken[][] {
  const statements: SqlToken[][] = [[]];
  for (const token of tokens) {
    if (isSymbol(token, ";")) statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

function isAboutStructure([first, second, third]: readonly SqlToken[]): boolean {
  if (first?.text !== "create") return STRUCTURE.test(first?.text ?? "");
  return second?.text === "index" || (second?.text === "unique" && third?.text === "index");
}

function namesColumn(tokens: readonly SqlToken[], { table, column, otherTables }: StatementReaderParams): boolean {
  const isNamed = (name: string): boolean => tokens.some((token) => isIdentifier(token, name));
  if (!isNamed(table)) return false;
  const isAmbiguous = otherTables.some(isNamed);
  const qualifiers = new Set([table, ...aliasesOf(tokens, table)]);
  const written = isAmbiguous ? writtenTo(tokens, table) : undefined;
  return tokens.some((token, at) => {
    if (!isIdentifier(token, column) || isSymbol(tokens[at + 1], ".")) return false;
    if (isSymbol(tokens[at - 1], ".")) return qualifiers.has(tokens[at - 2]?.text ?? "");
    // A name that the statement gives to what it returns.
    if (isIdentifier(tokens[at - 1], "as")) return false;
    return written === undefined || written.has(at);
  });
}

/** What follows the table's name is its alias, or a keyword, by which no column is qualified. */
function aliasesOf(tokens: readonly SqlToken[], table: string): readonly string[] {
  return tokens.flatMap((token, at) => {
    if (!isIdentifier(token, table)) return [];
    const alias = isIdentifier(tokens[at + 1], "as") ? tokens[at + 2] : tokens[at + 1];
    return alias?.kind === "identifier" ? [alias.text] : [];
  });
}

/** The positions within the column lists of INSERT INTO the table, and within the SET of an UPDATE of it. */
function writtenTo(tokens: readonly SqlToken[], table: string): ReadonlySet<number> {
  const positions = new Set<number>();
  for (const [at, token] of tokens.entries()) {
    if (!isIdentifier(token, table)) continue;
    const start = isSymbol(tokens[at - 1], ".") ? at - 2 : at;
    const before = tokens[start - 1]?.text;
    // Between the name and what is looked for there is room for an alias.
    const next = tokens.slice(at + 1, at + 4);
    const offset =
      before === "into"
        ? next.findIndex((follower) => isSymbol(follower, "("))
        : before === "update" || before === "only"
          ? next.findIndex((follower) => isIdentifier(follower, "set"))
          : -1;
    const list = at + 1 + offset;
    // One within another's reach adds nothing to it.
    if (offset === -1 || positions.has(list)) continue;
    for (const position of positionsFrom(tokens, list, before === "into")) positions.add(position);
  }
  return positions;
}

function* positionsFrom(tokens: readonly SqlToken[], start: number, isList: boolean): Generator<number> {
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (isSymbol(token, "(")) depth += 1;
    if (isSymbol(token, ")")) depth -= 1;
    if (isList ? depth === 0 : depth < 0 || (depth === 0 && /^(from|where|returning)$/.test(token?.text ?? ""))) return;
    yield at;
  }
}

function schemasOf(tokens: readonly SqlToken[], table: string): string[] {
  const schemas = tokens.flatMap((token, at) => {
    const qualifier = tokens[at - 2];
    // `%I.table` is a statement that format() makes.
    const isQualified = isIdentifier(token, table) && isSymbol(tokens[at - 1], ".") && !isSymbol(tokens[at - 3], "%");
    return isQualified && qualifier?.kind === "identifier" ? [qualifier.text] : [];
  });
  return [...new Set(schemas)];
}

function shapeOf(tokens: readonly SqlToken[], schemas: readonly string[]): string {
  return tokens
    .map(({ kind, text }, at) =>
      kind === "identifier" && isSymbol(tokens[at + 1], ".") && schemas.includes(text) ? "?" : JSON.stringify(text),
    )
    .join(" ");
}

function isSymbol(token: SqlToken | undefined, text: string): boolean {
  return token?.kind === "symbol" && token.text === text;
}

function isIdentifier(token: SqlToken | undefined, text: string): boolean {
  return token?.kind === "identifier" && token.text === text;
}
