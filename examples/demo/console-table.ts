import Table from "cli-table3";

/** Prints rows under headings, to be read by people. */
export function printTable(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const table = new Table({ head: [...headings], style: { head: [], border: [], compact: true } });
  table.push(...rows.map((row) => [...row]));
  console.log(table.toString());
}

export function printHeading(text: string): void {
  console.log(`\n${text}\n${"─".repeat(text.length)}`);
}
