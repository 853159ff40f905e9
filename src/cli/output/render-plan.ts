import type { PlannedColumnUse } from "../../sync/planned-column-uses.js";
import { SINGLE_DATABASE_NAME } from "../../sync/sync-databases.js";
import type { TenantSchemaPlan } from "../../sync/plan-tenant-schemas.js";
import { listNames } from "./name-list.js";
import { printable } from "../../report/printable.js";
import { counted } from "../../report/quantity.js";
import { renderTable } from "./table.js";

/** Which schemas need what, a line for each group with the same needs. */
export function renderPlan(plans: readonly TenantSchemaPlan[]): string {
  if (plans.length === 0) return "No schemas.";
  const isSingle = plans.every(({ database }) => database === SINGLE_DATABASE_NAME);
  const table = renderTable(
    [...(isSingle ? [] : ["database"]), "schemas", "role", "SQL lines", "which", "what"],
    plans.map((plan) => [
      ...(isSingle ? [] : [plan.database]),
      plan.schemas.length,
      plan.role,
      plan.steps.length === 0 ? 0 : plan.sql.split("\n").length,
      listNames(plan.schemas),
      whatIsDone(plan),
    ]),
  );
  const uses = plans.flatMap(({ database, columnUse }) =>
    columnUsesInWords(columnUse).map((line) => (isSingle ? line : `${printable(database)}: ${line}`)),
  );
  return [table, ...(uses.length === 0 ? [] : ["", ...uses])].join("\n");
}

/** A line for each object because of which the drop of a column would be refused, or warned of. */
function columnUsesInWords({ uses, notInspected }: PlannedColumnUse = { uses: [] }): readonly string[] {
  return [
    ...uses.map(
      ({ table, column, effect, kind, name, schemas }) =>
        `0005 would ${effect === "names" ? "warn of" : "refuse for"} ${kind} ${printable(name)}, ` +
        `${effect === "names" ? "which may mean" : effect === "blocks" ? "which uses" : "which would vanish with"} ` +
        `${table}.${column}, in ${counted(schemas.length, "schema")}: ${listNames(schemas)}`,
    ),
    ...(notInspected === undefined
      ? []
      : [`whether 0005 would refuse could not be looked at: ${printable(notInspected)}`]),
  ];
}

/** The SQL that would run, one group after the other, as a script for psql. */
export function renderPlanSql(plans: readonly TenantSchemaPlan[]): string {
  return plans
    .filter(({ steps }) => steps.length > 0)
    .map(({ database, schemas, role, sql, columnUse }) =>
      [
        `-- ${database === SINGLE_DATABASE_NAME ? "" : `${printable(database)}, `}${role}: the same for ${counted(schemas.length, "schema")}, ` +
          `shown for ${printable(schemas[0] ?? "")}`,
        ...columnUsesInWords(columnUse).map((line) => `-- ${line}`),
        sql,
      ].join("\n"),
    )
    .join("\n");
}

function whatIsDone({ steps, unknown, problem }: TenantSchemaPlan): string {
  if (problem !== undefined) return `cannot be read: ${problem}`;
  if (unknown.length > 0) return `nothing: not known here: ${unknown.join(", ")}`;
  const [first, last] = [steps[0], steps.at(-1)];
  const back = first?.direction === "down" ? " back" : "";
  if (first === undefined || last === undefined) return "nothing";
  if (steps.length === 1) return `${first.migration}${back}`;
  return `${counted(steps.length, "migration")}${back}: ${first.migration} … ${last.migration}`;
}
