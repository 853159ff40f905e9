/**
 * Characters that a terminal obeys instead of showing, or that make text read otherwise than it is written: controls,
 * invisible formatting, line separators, lone surrogates. A
 * schema's name may hold any of them, and so may a server's message that quotes the name.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The text on one line, with everything a terminal would obey spelled out. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Several lines of text, each of them {@link printable}. */
export function printableLines(text: string): readonly string[] {
  return text.split(/\r?\n/).map(printable);
}
