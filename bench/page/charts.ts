import type { BenchmarkTable } from "../benchmark-table.js";
import type { SuiteResult } from "../suite-result.js";
import { barChart } from "./bar-chart.js";
import { growthChart, type GrowthSeries } from "./growth-chart.js";
import { comparedRows, type ComparedTable, isCompared } from "./table-rows.js";

/** A picture of some tables of one suite. */
export interface Chart {
  readonly suite: string;
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

const READERS_AT_ONCE = [1, 8];

export function chartsOf(runs: readonly SuiteResult[]): Chart[] {
  const suites = [...new Set(runs.map(({ suite }) => suite))];
  return suites.flatMap((suite) => {
    const tables = runs.filter((run) => run.suite === suite).flatMap((run) => run.tables.filter(isCompared));
    switch (suite) {
      case "reads":
        return READERS_AT_ONCE.flatMap((callers) =>
          bars(
            { suite, file: `reads-${callers}.svg`, title: `Calls a second, ${callers} at a time` },
            tables.filter(({ setting }) => setting === `concurrency ${callers}`),
          ),
        );
      case "writes":
        return bars({ suite, file: "writes.svg", title: "Batches created a second" }, tables);
      case "work":
        return bars({ suite, file: "work.svg", title: "Jobs claimed and completed a second, eight workers" }, tables);
      default:
        return growth(suite, tables);
    }
  });
}

function bars(chart: Omit<Chart, "svg">, tables: readonly ComparedTable[]): Chart[] {
  if (tables.length === 0) return [];
  const panels = tables.map((table) => ({ title: table.name, bars: comparedRows(table) }));
  return [{ ...chart, svg: barChart(chart.title, panels) }];
}

/** One chart for all tables that differ in nothing but the number of tenants. */
function growth(suite: string, tables: readonly ComparedTable[]): Chart[] {
  const groups = Map.groupBy(
    tables.filter((table): table is BenchmarkTable => "unit" in table && table.unit.name === "tenant"),
    ({ name, setting }) =>
      [name, setting.replace(/^[\d,]+ tenants( \(.*\))?(, )?/, "")].filter((part) => part !== "").join(", "),
  );
  return [...groups]
    .filter(([, group]) => new Set(group.map(tenantsOf)).size > 1)
    .map(([title, group]) => ({
      suite,
      file: `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.svg`,
      title,
      svg: growthChart(title, seriesOf(group)),
    }));
}

function tenantsOf({ tenants, unit }: BenchmarkTable): number {
  return tenants ?? unit.count;
}

function seriesOf(tables: readonly BenchmarkTable[]): GrowthSeries[] {
  const points = tables.flatMap((table) =>
    table.comparisons
      .filter(({ ms }) => !Number.isNaN(ms))
      .map(({ name, ms }) => ({
        // A peer that was given fewer tenants stays the same peer.
        name: name.replace(/ \(\d+ tenants, scaled\)$/, ""),
        tenants: tenantsOf(table),
        msPerTenant: ms / table.unit.count,
      })),
  );
  return [...Map.groupBy(points, ({ name }) => name)].map(([name, own]) => ({
    name,
    points: own.toSorted((one, other) => one.tenants - other.tenants),
  }));
}
