/** So much of a name that somebody gave is repeated to him: one of a megabyte must not become an error of megabytes. */
const MAX_CHARACTERS = 100;

/** A text in quotes, as an error repeats it; what is no text, a pool with its connection string say, is not repeated. */
export function quoted(text: unknown): string {
  return typeof text === "string" ? JSON.stringify(shortened(text, MAX_CHARACTERS)) : `(${typeof text})`;
}

/** The beginning of a text that is too long. */
export function shortened(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1).toWellFormed()}…`;
}
