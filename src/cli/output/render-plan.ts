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
  return renderTable(
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
}

/** The SQL that would run, one group after the other, as a script for psql. */
export function renderPlanSql(plans: readonly TenantSchemaPlan[]): string {
  return plans
    .filter(({ steps }) => steps.length > 0)
    .map(({ database, schemas, role, sql }) =>
      [
        `-- ${database === SINGLE_DATABASE_NAME ? "" : `${printable(database)}, `}${role}: the same for ${counted(schemas.length, "schema")}, ` +
          `shown for ${printable(schemas[0] ?? "")}`,
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
