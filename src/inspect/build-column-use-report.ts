import type { ColumnUse, TenantColumn } from "../column-use/column-use.js";
import { tenantFreeUses } from "../column-use/tenant-free-uses.js";
import {
  type ColumnUseReport,
  type InspectedGroup,
  inspectedStates,
  type InspectedTenant,
} from "./column-use-report.js";
import type { InspectedDatabase, WantedSchema } from "./inspect-database.js";
import { summaryOfUses } from "./summary-of-uses.js";

interface BuildColumnUseReportParams extends TenantColumn {
  readonly inspected: readonly InspectedDatabase[];
  readonly startedAt: Date;
  readonly durationMs: number;
}

type State = InspectedTenant["state"];

/** States about whose schemas there is more to tell than that they are one of a group. */
const TOLD: ReadonlySet<State> = new Set<State>(["in-use", "maybe-in-use", "not-inspected", "gone"]);

/** Puts together what was found in all databases; schemas in which the same uses the column become one group. */
export function buildColumnUseReport(params: BuildColumnUseReportParams): ColumnUseReport {
  const { table, column, inspected, startedAt, durationMs } = params;
  const groups = new Map<string, InspectedGroup>();
  const tenants = inspected.flatMap((database) =>
    database.schemas.map((wanted) => groupedIn(groups, database, wanted, tenantOf(database, wanted))),
  );
  const count = (state: State): number => tenants.filter((tenant) => tenant.state === state).length;
  const named = <Item extends object>(
    items: (database: InspectedDatabase) => readonly Item[],
  ): (Item & { database: string })[] =>
    inspected.flatMap((database) => items(database).map((item) => ({ database: database.database.name, ...item })));
  const found: Findings = {
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(durationMs * 1000) / 1000,
    summary: Object.fromEntries(inspectedStates.map((state) => [state, count(state)])) as ColumnUseReport["summary"],
    groups: [...groups.values()].toSorted((a, b) => b.schemas - a.schemas || a.group - b.group),
    tenants: tenants.filter(({ state }) => TOLD.has(state)),
    functions: named(({ functions }) => functions),
    statements: {
      running: named(({ running }) => running.found),
      recorded: named(({ recorded }) => recorded.found),
      records: named(({ recorded }) => (recorded.record === undefined ? [] : [recorded.record])),
    },
    notInspected: named(({ notInspected }) => notInspected),
  };
  return { version: 1, table, column, verdict: verdictOf(found), ...found };
}

type Findings = Omit<ColumnUseReport, "version" | "table" | "column" | "verdict">;

function verdictOf({ summary, functions, statements, notInspected }: Findings): ColumnUseReport["verdict"] {
  if (summary["in-use"] > 0 || statements.running.length > 0 || statements.recorded.length > 0) return "in-use";
  if (summary["maybe-in-use"] > 0 || functions.length > 0) return "maybe-in-use";
  return notInspected.length > 0 || summary["not-inspected"] > 0 ? "not-fully-inspected" : "clear";
}

type Finding = Pick<InspectedTenant, "state" | "uses" | "rows" | "notInspected">;

function tenantOf({ columns, failure, rows, areRowsAsked }: InspectedDatabase, { schema }: WantedSchema): Finding {
  if (failure !== undefined) return { state: "not-inspected", uses: [], notInspected: failure.reason };
  const found = columns.get(schema);
  if (found === undefined) return { state: "gone", uses: [] };
  if (!found.hasTable) return { state: "no-table", uses: [] };
  if (!found.hasColumn) return { state: "no-column", uses: [] };
  const uses = [...found.uses];
  if (!areRowsAsked) return { state: stateOf(uses, false) ?? "clear", uses };
  const reading = rows.get(schema) ?? { reason: "its tables were changed while the rows were counted" };
  if ("reason" in reading) {
    return { state: stateOf(uses, false) ?? "not-inspected", uses, notInspected: reading.reason };
  }
  const isAtStake = reading.unlinked + reading.conflicting > 0;
  return { state: stateOf(uses, isAtStake) ?? "clear", uses, ...(isAtStake ? { rows: { ...reading } } : {}) };
}

function stateOf(uses: readonly ColumnUse[], isAtStake: boolean): State | undefined {
  if (isAtStake || uses.some(({ effect }) => effect !== "names")) return "in-use";
  return uses.length > 0 ? "maybe-in-use" : undefined;
}

function groupedIn(
  groups: Map<string, InspectedGroup>,
  { database, columns }: InspectedDatabase,
  { schema, role }: WantedSchema,
  finding: Finding,
): InspectedTenant {
  const { state, rows, notInspected } = finding;
  const uses = tenantFreeUses(finding.uses, columns.get(schema)?.prefix);
  const key = JSON.stringify([
    role,
    state,
    uses,
    (rows?.unlinked ?? 0) > 0,
    (rows?.conflicting ?? 0) > 0,
    notInspected,
  ]);
  const group = groups.get(key) ?? {
    group: groups.size,
    role,
    state,
    schemas: 0,
    example: { database: database.name, schema },
    summary: summaryOfUses({ state, uses, rows, notInspected }),
  };
  group.schemas += 1;
  groups.set(key, group);
  return { database: database.name, schema, role, group: group.group, ...finding };
}
