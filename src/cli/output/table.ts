import Table from "cli-table3";
import { printable } from "../../report/printable.js";
import { grouped } from "../../report/quantity.js";

/** Columns divided by blanks alone, so that what reads a line needs to know of nothing else. */
const NO_BORDERS = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** Rows under headings; numbers stand to the right, as in a column of figures. */
export function renderTable(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const [first] = rows;
  const table = new Table({
    head: headings.map((heading) => heading.toUpperCase()),
    colAligns: headings.map((_, column) => (typeof first?.[column] === "number" ? "right" : "left")),
    chars: NO_BORDERS,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
  });
  table.push(...rows.map((row) => row.map((cell) => (typeof cell === "number" ? grouped(cell) : printable(cell)))));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
