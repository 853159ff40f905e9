import { useInWords } from "../../column-use/use-in-words.js";
import type { ColumnUseReport, InspectedGroup, InspectedTenant } from "../../inspect/column-use-report.js";
import { SINGLE_DATABASE_NAME } from "../../sync/sync-databases.js";
import { inFlagTerms } from "./in-flag-terms.js";
import { listNames } from "./name-list.js";
import type { Palette } from "./palette.js";
import { printable } from "../../report/printable.js";
import { counted, duration, grouped } from "../../report/quantity.js";
import { renderTable } from "./table.js";

/** How many of each kind are told; `--json` and `--verbose` have all of them. */
const SHOWN = 10;

interface RenderColumnUseReportOptions {
  readonly palette: Palette;
  readonly isVerbose: boolean;
}

const VERDICTS: Readonly<Record<ColumnUseReport["verdict"], string>> = {
  clear: "nothing uses it",
  "in-use": "it is still used",
  "maybe-in-use": "it may still be used: read the functions that name it",
  "not-fully-inspected": "nothing was found that uses it, but not everything could be looked at",
};

/** The verdict over the schemas grouped by what uses the column, and what they have to tell. */
export function renderColumnUseReport(report: ColumnUseReport, options: RenderColumnUseReportOptions): string {
  const { table, column, verdict, groups, summary, durationMs } = report;
  const { palette } = options;
  const schemas = Object.values(summary).reduce((sum, count) => sum + count, 0);
  return [
    renderGroups(groups),
    ...section(report.tenants.filter(hasMoreToTell), options, (tenant) => renderTenant(tenant, palette)),
    ...section(report.functions, options, (found) => [
      `${palette.warning("function")} ${printable(inDatabase(found.database, found.name))} may mean it${ofTenants(found.tenants)}`,
    ]),
    ...section(report.statements.running, options, (found) => [
      `${palette.bad("session")} ${inDatabase(found.database, `process ${found.pid}`)} (${printable(found.applicationName || "no application name")}, ` +
        `${printable(found.user)}, ${found.state}) named it ${duration(found.ageMs)} ago${ofTenants(found.tenants)}`,
    ]),
    ...section(report.statements.recorded, options, (found) => [
      `${palette.bad("statement")} ${inDatabase(found.database, `queryid ${found.queryIds[0] ?? ""}`)}` +
        `${found.entries === 1 ? "" : ` and ${grouped(found.entries - 1)} like it`} names it: ` +
        `${counted(found.calls, "call")} by ${listNames(found.users)}${ofTenants(found.tenants)}`,
    ]),
    ...section(report.statements.records, options, ({ database, since, evictions }) => [
      `${palette.faint("record")} ${inDatabase(database, "pg_stat_statements")} since ${since ?? "it was installed"}` +
        (evictions === 0 ? "" : `; it was full ${counted(evictions, "time")} and forgot the rarest statements`),
    ]),
    ...section(report.notInspected, options, ({ database, part, schemas: count, reason, hint }) => [
      `${palette.warning("not inspected")} ${inDatabase(database, PARTS[part])}` +
        `${count === undefined ? "" : ` of ${counted(count, "schema")}`}: ${printable(reason)}`,
      ...(hint === undefined ? [] : [`  hint: ${printable(inFlagTerms(hint))}`]),
    ]),
    "",
    `${palette.strong(printable(`${table}.${column}`))} in ${counted(schemas, "schema")}, ${duration(durationMs)}: ` +
      (verdict === "clear" ? palette.good : palette.bad)(`${verdict}, ${VERDICTS[verdict]}`),
  ].join("\n");
}

const PARTS: Readonly<Record<ColumnUseReport["notInspected"][number]["part"], string>> = {
  catalog: "the catalog",
  rows: "the rows",
  running: "running statements",
  recorded: "recorded statements",
};

function renderGroups(groups: readonly InspectedGroup[]): string {
  return renderTable(
    ["schemas", "role", "state", "example", "what"],
    groups.map(({ schemas, role, state, example, summary }) => [
      schemas,
      role,
      state,
      inDatabase(example.database, example.schema),
      summary,
    ]),
  );
}

/** What the group's line does not say already. */
function hasMoreToTell({ rows, uses }: InspectedTenant): boolean {
  return rows !== undefined || uses.length > 0;
}

function renderTenant({ database, schema, state, uses, rows }: InspectedTenant, palette: Palette): readonly string[] {
  const paint = state === "maybe-in-use" ? palette.warning : palette.bad;
  return [
    `${paint(state)} ${palette.strong(printable(inDatabase(database, schema)))}`,
    ...uses.map((use) => `  ${printable(useInWords(use))}`),
    ...((rows?.conflicting ?? 0) > 0
      ? [`  ${counted(rows?.conflicting ?? 0, "job")} linked to a batch with another string: 0005 refuses`]
      : []),
    ...((rows?.unlinked ?? 0) > 0
      ? [`  ${counted(rows?.unlinked ?? 0, "job")} with a string and no batch: 0004 links them, and 0005 does so first`]
      : []),
  ];
}

function section<Item>(
  items: readonly Item[],
  { isVerbose }: RenderColumnUseReportOptions,
  render: (item: Item) => readonly string[],
): readonly string[] {
  if (items.length === 0) return [];
  const shown = isVerbose ? items : items.slice(0, SHOWN);
  const hidden = items.length - shown.length;
  return [
    "",
    ...shown.flatMap(render),
    ...(hidden === 0 ? [] : [`… and ${grouped(hidden)} more: --verbose or --json lists all of them`]),
  ];
}

function inDatabase(database: string, name: string): string {
  return database === SINGLE_DATABASE_NAME ? name : `${printable(database)}: ${name}`;
}

function ofTenants(tenants: readonly string[]): string {
  return tenants.length === 0 ? "" : `, in ${listNames(tenants)}`;
}
