import type { BenchmarkTable } from "../../../bench/benchmark-table.js";
import type { LatencyTable } from "../../../bench/latency-table.js";
import type { ResultTable } from "../../../bench/result-table.js";
import type { SuiteResult } from "../../../bench/suite-result.js";

/** A table whose first row took a second, and the others so many times as long; null is a row that failed. */
export function comparisonTable(
  title: { readonly name: string; readonly setting?: string; readonly tenants?: number },
  ratios: Readonly<Record<string, number | null>>,
): BenchmarkTable {
  const count = title.tenants ?? 1_000;
  return {
    name: title.name,
    setting: title.setting ?? `${count} tenants`,
    unit: { count, name: title.tenants === undefined ? "job" : "tenant" },
    comparisons: Object.entries(ratios).map(([name, ratio]) => ({
      name,
      ms: 1_000 * (ratio ?? Number.NaN),
      cpuMs: 10,
      ...ratiosOf(ratio),
    })),
  };
}

/** The same, of calls whose first reader took a millisecond. */
export function latencyTable(
  title: { readonly name: string; readonly setting: string },
  ratios: Readonly<Record<string, number | null>>,
): LatencyTable {
  return {
    ...title,
    latencies: Object.entries(ratios).map(([name, ratio]) => ({
      name,
      p50Ms: ratio ?? Number.NaN,
      p99Ms: 2 * (ratio ?? Number.NaN),
      perSecond: 1_000 / (ratio ?? Number.NaN),
      ...ratiosOf(ratio),
    })),
  };
}

export function suiteRun(suite: string, tables: readonly ResultTable[]): SuiteResult {
  return {
    suite,
    command: `npm run bench -- ${suite}`,
    startedAt: "2026-01-15T10:15:30.000Z",
    minutes: 1.5,
    setting: { node: "24.0.0" },
    tables,
  };
}

function ratiosOf(ratio: number | null): {
  ratio: number;
  ratioLow: number;
  ratioHigh: number;
  rounds: number;
  failure?: string;
} {
  if (ratio === null) {
    return { ratio: Number.NaN, ratioLow: Number.NaN, ratioHigh: Number.NaN, rounds: 0, failure: "it broke" };
  }
  return { ratio, ratioLow: ratio * 0.9, ratioHigh: ratio * 1.1, rounds: 3 };
}
