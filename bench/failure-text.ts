/** Why a contender failed, for a cell of a table: the first line of what it said. */
export function failureText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] ?? "";
}
