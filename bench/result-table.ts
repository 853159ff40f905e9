import { type BenchmarkTable, toMarkdown } from "./benchmark-table.js";
import { type CostTable, costsToMarkdown } from "./cost-table.js";
import { latenciesToMarkdown, type LatencyTable } from "./latency-table.js";

/** Whatever a suite measures. */
export type ResultTable = BenchmarkTable | LatencyTable | CostTable;

export function markdownOf(table: ResultTable): string {
  if ("latencies" in table) return latenciesToMarkdown(table);
  return "costs" in table ? costsToMarkdown(table) : toMarkdown(table);
}
