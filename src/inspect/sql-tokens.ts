/** A piece of an SQL text that means something: an identifier as PostgreSQL understands it, or a symbol. */
export interface SqlToken {
  readonly kind: "identifier" | "symbol";
  readonly text: string;
}

interface SqlPiece {
  readonly kind: SqlToken["kind"] | "constant" | "dollar";
  readonly text: string;
}

/**
 * The identifiers and symbols of an SQL text, without its comments and quoted constants. A dollar-quoted text is not
 * taken for a constant: what a host sends as DO $$ … $$ is a statement. It is read by itself, so that an apostrophe in
 * it opens no constant that would hide what comes after it.
 */
export function tokensOf(text: string): SqlToken[] {
  return [...allPiecesOf(text)].filter((piece): piece is SqlToken => piece.kind !== "constant");
}

/** What stands in the quoted constants of a text, as one text: where a function builds its statements, they are there. */
export function constantsOf(text: string): string {
  return [...allPiecesOf(text)]
    .filter(({ kind }) => kind === "constant")
    .map((piece) => piece.text)
    .join(" ");
}

/** With those of the dollar-quoted texts in their places; without a call inside a call for each level of nesting. */
function* allPiecesOf(text: string): Generator<SqlPiece, undefined> {
  const open = [piecesOf(text)];
  for (let pieces = open.at(-1); pieces !== undefined; pieces = open.at(-1)) {
    const { value: piece, done } = pieces.next();
    if (done === true) open.pop();
    else if (piece.kind === "dollar") open.push(piecesOf(piece.text));
    else yield piece;
  }
  return undefined;
}

const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const DOLLAR_QUOTE = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const ESCAPE_PREFIX = /[eE]'/y;
/** A comment ends with its line, and PostgreSQL ends a line at either of the two. */
const LINE_END = /[\n\r]/g;
const CHARACTER = /[\s\S]/uy;
const SPACE_OR_NUMBER = /^[\s\p{N}]/u;

/** A text that was cut off may end within any of these. Nothing here looks back, so the time grows with the length. */
function* piecesOf(text: string): Generator<SqlPiece, undefined> {
  let at = 0;
  const matchAt = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    if (text.startsWith("--", at)) {
      LINE_END.lastIndex = at;
      at = LINE_END.exec(text)?.index ?? text.length;
      continue;
    }
    if (text.startsWith("/*", at)) {
      at = endOfComment(text, at);
      continue;
    }
    const quote = text[at] === '"' ? '"' : text[at] === "'" ? "'" : matchAt(ESCAPE_PREFIX);
    if (quote !== undefined) {
      const from = at + quote.length;
      at = endOfQuoted(text, from, quote);
      const inner = text.slice(from, text[at - 1] === quote.at(-1) && at > from ? at - 1 : at);
      yield quote === '"'
        ? { kind: "identifier", text: inner.replaceAll('""', '"') }
        : { kind: "constant", text: inner.replaceAll("''", "'") };
      continue;
    }
    const dollar = matchAt(DOLLAR_QUOTE);
    if (dollar !== undefined) {
      const from = at + dollar.length;
      const to = indexOfOr(text, dollar, from);
      at = to + dollar.length;
      yield { kind: "dollar", text: text.slice(from, to) };
      continue;
    }
    const word = matchAt(WORD);
    const character = word ?? matchAt(CHARACTER) ?? "";
    at += character.length;
    // PostgreSQL folds ASCII letters only, in most encodings; others are left as they are.
    if (word !== undefined) yield { kind: "identifier", text: word.replaceAll(/[A-Z]+/g, toLowerCase) };
    else if (!SPACE_OR_NUMBER.test(character)) yield { kind: "symbol", text: character };
  }
  return undefined;
}

const COMMENT_EDGE = /\/\*|\*\//g;

/** Comments nest. */
function endOfComment(text: string, start: number): number {
  let depth = 0;
  COMMENT_EDGE.lastIndex = start;
  for (let edge = COMMENT_EDGE.exec(text); edge !== null; edge = COMMENT_EDGE.exec(text)) {
    depth += edge[0] === "/*" ? 1 : -1;
    if (depth === 0) return COMMENT_EDGE.lastIndex;
  }
  return text.length;
}

/** Behind the quote that ends it: neither doubled nor, in an E'…', behind a backslash. */
function endOfQuoted(text: string, start: number, quote: string): number {
  const mark = quote.at(-1) ?? "";
  const edge = quote.length === 2 ? /\\[\s\S]|''|'/g : mark === "'" ? /''|'/g : /""|"/g;
  edge.lastIndex = start;
  for (let found = edge.exec(text); found !== null; found = edge.exec(text)) {
    if (found[0] === mark) return edge.lastIndex;
  }
  return text.length;
}

function indexOfOr(text: string, part: string, from: number): number {
  const found = text.indexOf(part, from);
  return found === -1 ? text.length : found;
}

function toLowerCase(letters: string): string {
  return letters.toLowerCase();
}
