import { byteFigure, figure, ratioFigure } from "./figure.js";
import type { Comparison } from "./interleave.js";
import { markdownTable } from "./markdown-table.js";
import { rowTitle } from "./own-row.js";

/** One table of results: contenders doing the same work, the first being what the others are compared with. */
export interface BenchmarkTable {
  readonly name: string;
  readonly setting: string;
  /** What one run consists of, to tell the time of one. */
  readonly unit: { readonly count: number; readonly name: string };
  /** How many tenants the database has, where one run works on some of them only. */
  readonly tenants?: number;
  readonly comparisons: readonly Comparison[];
}

/** The table as Markdown, with all that was lost as well as won. */
export function toMarkdown({ name, setting, unit, comparisons }: BenchmarkTable): string {
  const hasWal = comparisons.some(({ walBytes }) => walBytes !== undefined);
  const head = [
    "",
    "s",
    `ms a ${unit.name}`,
    "a second",
    `Node CPU ms a ${unit.name}`,
    ...(hasWal ? [`WAL a ${unit.name}`] : []),
    "time ÷ the first's (spread)",
    "rounds",
  ];
  const rows = comparisons.map((row) => {
    const title = rowTitle(row.name);
    if (row.failure !== undefined) return [title, `failed: ${row.failure}`, ...head.slice(2).map(() => "–")];
    return [
      title,
      figure(row.ms / 1_000),
      figure(row.ms / unit.count),
      figure((1_000 * unit.count) / row.ms),
      figure(row.cpuMs / unit.count),
      ...(hasWal ? [byteFigure((row.walBytes ?? Number.NaN) / unit.count)] : []),
      ratioFigure(row.ratio, row.ratioLow, row.ratioHigh, row.rounds),
      String(row.rounds),
    ];
  });
  return [`### ${name}: ${setting}`, "", markdownTable(head, rows), ""].join("\n");
}
