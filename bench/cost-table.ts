import { byteFigure, figure } from "./figure.js";
import { markdownTable } from "./markdown-table.js";

/** What one call, or one tenant of a run over many, costs beside time. */
export interface Cost {
  readonly name: string;
  /** What the figures are for one of: "call", "tenant", … */
  readonly unit: string;
  /** How many of these were done. */
  readonly count: number;
  readonly statements: number;
  readonly roundTrips: number;
  readonly walBytes: number;
  /** Processor time of the Node process, user and system. */
  readonly cpuMs: number;
  /** The most memory that the process had resident at any time of its life, not divided. */
  readonly peakBytes: number;
  /** By how much the work raised that, not divided. */
  readonly grownBytes: number;
  /** Why there are no figures. */
  readonly failure?: string;
}

export interface CostTable {
  readonly name: string;
  readonly setting: string;
  readonly costs: readonly Cost[];
}

export function costsToMarkdown({ name, setting, costs }: CostTable): string {
  const head = [
    "",
    "for one",
    "measured",
    "statements",
    "round trips",
    "WAL",
    "Node CPU ms",
    "peak memory",
    "of it, by the work",
  ];
  const rows = costs.map((cost) => {
    if (cost.failure !== undefined) return [cost.name, `failed: ${cost.failure}`, ...head.slice(2).map(() => "–")];
    return [
      cost.name,
      cost.unit,
      cost.count.toLocaleString("en-US"),
      countFigure(cost.statements),
      countFigure(cost.roundTrips),
      byteFigure(cost.walBytes),
      figure(cost.cpuMs),
      byteFigure(cost.peakBytes),
      byteFigure(cost.grownBytes),
    ];
  });
  return [`### ${name}: ${setting}`, "", markdownTable(head, rows), ""].join("\n");
}

/** A count is whole for a call, and a fraction where many tenants share a statement. */
function countFigure(count: number): string {
  return Number.isInteger(count) ? count.toLocaleString("en-US") : count.toFixed(2);
}
