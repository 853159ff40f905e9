import { isOwnRow } from "../own-row.js";
import type { ResultTable } from "../result-table.js";
import { comparedRows, type ComparedTable, isCompared, ownRows } from "./table-rows.js";

/** A row of the library's own, and what was quicker at the same work. */
export interface RowBehind {
  readonly table: string;
  readonly row: string;
  /** The quickest first, with its time as a part of the library's. */
  readonly ahead: readonly { readonly name: string; readonly part: number }[];
}

/** All that is lost, in the order of the tables. */
export function rowsBehind(tables: readonly ResultTable[]): RowBehind[] {
  return tables.filter(isCompared).flatMap(behindIn);
}

function behindIn(table: ComparedTable): RowBehind[] {
  const others = comparedRows(table).filter(({ name }) => !isOwnRow(name));
  return ownRows(table).flatMap((own) => {
    const ahead = others
      .map(({ name, ratio }) => ({ name, part: ratio / own.ratio }))
      .filter(({ part }) => part < 1)
      .toSorted((one, other) => one.part - other.part);
    return ahead.length === 0 ? [] : [{ table: `${table.name}: ${table.setting}`, row: own.name, ahead }];
  });
}
