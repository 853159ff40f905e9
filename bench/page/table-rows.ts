import type { BenchmarkTable } from "../benchmark-table.js";
import type { LatencyTable } from "../latency-table.js";
import { isOwnRow } from "../own-row.js";
import type { ResultTable } from "../result-table.js";
import type { SuiteResult } from "../suite-result.js";

/** A row of any table in which contenders are compared. */
export interface ComparedRow {
  readonly name: string;
  readonly ratio: number;
  readonly ratioLow: number;
  readonly ratioHigh: number;
  readonly rounds: number;
  /** Calls, jobs, batches or tenants. */
  readonly perSecond: number;
  readonly failure?: string | undefined;
}

export type ComparedTable = BenchmarkTable | LatencyTable;

export function tablesOf(runs: readonly SuiteResult[]): ResultTable[] {
  return runs.flatMap(({ tables }) => tables);
}

export function isCompared(table: ResultTable): table is ComparedTable {
  return !("costs" in table);
}

export function comparedRows(table: ComparedTable): readonly ComparedRow[] {
  if ("latencies" in table) return table.latencies;
  return table.comparisons.map((row) => ({ ...row, perSecond: (1_000 * table.unit.count) / row.ms }));
}

export function ownRows(table: ComparedTable): readonly ComparedRow[] {
  return comparedRows(table).filter(({ name }) => isOwnRow(name));
}
