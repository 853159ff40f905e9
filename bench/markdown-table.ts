/** A Markdown table: columns of text to the left, then columns of figures to the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columnsOfText = 1,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column < columnsOfText ? "---" : "--:"))), ...rows.map(line)].join(
    "\n",
  );
}
