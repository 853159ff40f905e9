import type { Comparison } from "./interleave.js";

/** One table of results: contenders doing the same work, the first being what the others are compared with. */
export interface BenchmarkTable {
  readonly name: string;
  readonly setting: string;
  /** What one run consists of, to tell the time of one. */
  readonly unit: { readonly count: number; readonly name: string };
  readonly comparisons: readonly Comparison[];
}

/** The table as Markdown, with all that was lost as well as won. */
export function toMarkdown({ name, setting, unit, comparisons }: BenchmarkTable): string {
  const rows = comparisons.map(({ name: contender, ms, cpuMs, ratio, ratioLow, ratioHigh, rounds }) => {
    const spread = Number.isNaN(ratioLow) || rounds < 2 ? "" : ` (${ratioLow.toFixed(2)}–${ratioHigh.toFixed(2)})`;
    return `| ${contender} | ${seconds(ms)} | ${(ms / unit.count).toPrecision(3)} | ${(cpuMs / unit.count).toPrecision(3)} | ${ratio.toFixed(2)}${spread} | ${rounds} |`;
  });
  return [
    `### ${name}: ${setting}`,
    "",
    `| | s | ms a ${unit.name} | of Node's processor ms a ${unit.name} | ratio to the first (spread) | rounds |`,
    "| --- | --: | --: | --: | --: | --: |",
    ...rows,
    "",
  ].join("\n");
}

function seconds(ms: number): string {
  return (ms / 1_000).toPrecision(3);
}
