import { SINGLE_DATABASE_NAME } from "../../sync/sync-databases.js";
import type { Drift } from "../../verify/drift.js";
import type { StructureGroup, VerifyReport } from "../../verify/verify-report.js";
import { alikeMessage, messageOfGroup } from "./alike-message.js";
import { listNames } from "./name-list.js";
import type { Palette } from "./palette.js";
import { printable } from "../../report/printable.js";
import { counted, duration, grouped, lackingMigrations } from "../../report/quantity.js";
import { renderTable } from "./table.js";

/** How many differences of a group are told; `--json` and `--verbose` have all of them. */
const DRIFT_SHOWN = 5;

interface RenderVerifyReportOptions {
  readonly palette: Palette;
  readonly isVerbose: boolean;
}

/** The structures that were met, the most frequent first, and in what the drifted ones differ. */
export function renderVerifyReport(report: VerifyReport, { palette, isVerbose }: RenderVerifyReportOptions): string {
  const { summary, groups, tenants, durationMs } = report;
  const counts = (["canonical", "drifted", "gone", "unreadable"] as const)
    .filter((state) => summary[state] > 0)
    .map((state) => (state === "canonical" ? palette.good : palette.bad)(`${grouped(summary[state])} ${state}`));
  return [
    ...(groups.length === 0 ? [] : [renderGroups(groups), ""]),
    ...groups.flatMap((group) => renderDrift(group, report, { palette, isVerbose })),
    ...renderUnreadable(tenants, { palette, isVerbose }),
    `${counted(tenants.length, "schema")} in ${duration(durationMs)}: ${counts.join(", ") || "none"}` +
      (summary.pending === 0 ? "" : `; ${lackingMigrations(summary.pending)}`),
  ].join("\n");
}

/** A line for those that cannot be read for the same reason, and with `--verbose` for each of them. */
function renderUnreadable(
  tenants: VerifyReport["tenants"],
  { palette, isVerbose }: RenderVerifyReportOptions,
): readonly string[] {
  const unreadable = tenants.flatMap(({ database, schema, error }) =>
    error === undefined ? [] : [{ database, schema, code: error.code, message: error.message }],
  );
  const groups = Map.groupBy(unreadable, ({ database, schema, code, message }) =>
    JSON.stringify([database, code, isVerbose ? schema : alikeMessage({ schema, message })]),
  );
  return [...groups.values()].map((group) => {
    const names = listNames(group.map(({ schema }) => schema));
    return `${palette.bad("unreadable")} ${names}: ${printable(messageOfGroup(group))} (${group[0]?.code})`;
  });
}

function renderGroups(groups: readonly StructureGroup[]): string {
  return renderTable(
    ["schemas", "role", "state", "stands at", "fingerprint", "example"],
    groups.map(({ tenants, role, state, migration, fingerprint, example }) => [
      tenants,
      role,
      state,
      migration ?? "–",
      fingerprint.slice(0, 12),
      nameOf(example),
    ]),
  );
}

function renderDrift(
  { group, state, example, tenants: count }: StructureGroup,
  { tenants }: VerifyReport,
  { palette, isVerbose }: RenderVerifyReportOptions,
): readonly string[] {
  if (state !== "drifted") return [];
  const drift: readonly Drift[] =
    tenants.find(
      (tenant) => tenant.group === group && tenant.schema === example.schema && tenant.database === example.database,
    )?.drift ?? [];
  const shown = isVerbose ? drift : drift.slice(0, DRIFT_SHOWN);
  return [
    `${palette.bad("drifted")} ${palette.strong(printable(nameOf(example)))}${count === 1 ? "" : ` and ${grouped(count - 1)} like it`}: ${counted(drift.length, "difference")}`,
    ...shown.map(({ message, pendingMigration, mend }) => `  ${printable(message)}${remedy(pendingMigration, mend)}`),
    ...(shown.length === drift.length
      ? []
      : [`  … and ${grouped(drift.length - shown.length)} more: --verbose or --json lists all of them`]),
    "",
  ];
}

function nameOf({ database, schema }: StructureGroup["example"]): string {
  return database === SINGLE_DATABASE_NAME ? schema : `${database}: ${schema}`;
}

function remedy(pendingMigration: string | undefined, mend: string | undefined): string {
  if (pendingMigration !== undefined) return ` (sync mends it: ${pendingMigration})`;
  return mend === undefined ? " (to be mended by hand)" : " (repair mends it)";
}
