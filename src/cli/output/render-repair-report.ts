import type { RepairReport, TenantRepair } from "../../verify/repair-report.js";
import { listNames } from "./name-list.js";
import type { Palette } from "./palette.js";
import { printable, printableLines } from "../../report/printable.js";
import { counted, duration, grouped } from "../../report/quantity.js";
import { renderFailures } from "./render-failures.js";
import { renderWarnings } from "./render-warnings.js";

interface RenderRepairReportOptions {
  readonly palette: Palette;
  /** The SQL of every mend, and every failure. */
  readonly isVerbose: boolean;
}

/** What was mended in whom, what was not and why; schemas that needed the same stand together. */
export function renderRepairReport(
  { tenants, dryRun, durationMs }: RepairReport,
  { palette, isVerbose }: RenderRepairReportOptions,
): string {
  const touched = tenants.filter(({ mends, refused }) => mends.length > 0 || refused.length > 0);
  const groups = Map.groupBy(touched, ({ database, outcome, mends, refused }) =>
    JSON.stringify([database, outcome, mends.map(({ message }) => message), refused]),
  );
  const counts = [...Map.groupBy(tenants, ({ outcome }) => outcome)].map(
    ([outcome, { length }]) => `${grouped(length)} ${outcome}`,
  );
  return [
    ...[...groups.values()].flatMap((group) => [...renderGroup(group, { palette, isVerbose }), ""]),
    `${dryRun ? "Dry run, nothing was written. " : ""}${counted(tenants.length, "schema")} in ${duration(durationMs)}: ` +
      (counts.join(", ") || "none"),
    ...renderFailures(tenants, { palette, isVerbose }),
    ...renderWarnings(tenants, palette),
  ].join("\n");
}

function renderGroup(
  group: readonly TenantRepair[],
  { palette, isVerbose }: RenderRepairReportOptions,
): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const names = palette.strong(listNames(group.map(({ schema }) => schema)));
  return [
    `${first.refused.length > 0 ? palette.bad(first.outcome) : palette.good(first.outcome)} ${names}`,
    ...first.mends.flatMap(({ message, sql }) => [
      `  ${printable(message)}`,
      ...(isVerbose ? printableLines(sql).map((line) => palette.faint(`    ${line}`)) : []),
    ]),
    ...first.refused.map(
      ({ message, refusal }) => `  ${palette.bad("not:")} ${printable(message)}: ${printable(refusal)}`,
    ),
  ];
}
