/** A piece of an SQL text that means something: an identifier as PostgreSQL understands it, or a symbol. */
export interface SqlToken {
  readonly kind: "identifier" | "symbol";
  readonly text: string;
}

/** Comments and constants first, which may hold anything; a text that was cut off may end within one of them. */
const PIECES = new RegExp(
  [
    String.raw`(?<comment>--[^\n]*|/\*[\s\S]*?(?:\*/|$))`,
    String.raw`(?<constant>[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$))`,
    String.raw`"(?<quoted>(?:[^"]|"")*)(?:"|$)`,
    String.raw`(?<word>[\p{L}_][\p{L}\p{N}_$]*)`,
    String.raw`(?<symbol>[^\s\p{N}])`,
  ].join("|"),
  "gu",
);

/**
 * The identifiers and symbols of an SQL text, without its comments and quoted constants. A dollar-quoted text is not
 * taken for a constant: what a host sends as DO $$ … $$ is a statement.
 */
export function tokensOf(text: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (const { groups = {} } of text.matchAll(PIECES)) {
    const { quoted, word, symbol } = groups;
    if (quoted !== undefined) tokens.push({ kind: "identifier", text: quoted.replaceAll('""', '"') });
    // PostgreSQL folds ASCII letters only, in most encodings; others are left as they are.
    else if (word !== undefined) tokens.push({ kind: "identifier", text: word.replaceAll(/[A-Z]+/g, toLowerCase) });
    else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol });
  }
  return tokens;
}

/** What stands in the quoted constants of a text, as one text: where a function builds its statements, they are there. */
export function constantsOf(text: string): string {
  const constants: string[] = [];
  for (const { groups = {} } of text.matchAll(PIECES)) {
    const { constant } = groups;
    if (constant !== undefined) constants.push(constant.replace(/^[eE]?'|'$/g, "").replaceAll("''", "'"));
  }
  return constants.join(" ");
}

function toLowerCase(letters: string): string {
  return letters.toLowerCase();
}
