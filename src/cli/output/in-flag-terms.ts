/** Options of the library by the flags that set them: what a hint names must be something that can be typed. */
const FLAGS: Readonly<Record<string, string>> = {
  lockTimeoutMs: "--lock-timeout",
  statementTimeoutMs: "--statement-timeout",
  maxAttempts: "--max-attempts",
  maxFailures: "--max-failures",
  onFailure: "--on-failure",
  sharedSchema: "--shared-schema",
};

/** An option with its value, as the library's sentences put it: `statements: "running"`. */
const WITH_VALUE = /\b(statements): "(\w+)"/g;

/** A sentence of the library, with its options called by their flags. */
export function inFlagTerms(text: string): string {
  return text.replace(/\b[a-z]+[A-Z]\w*\b/g, (word) => FLAGS[word] ?? word).replace(WITH_VALUE, "--$1 $2");
}
