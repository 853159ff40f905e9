import type { TenantSchemaPlan } from "marketplace-jobs";
import { printTable } from "./console-table.js";

/** Which schemas need what; the SQL itself is a few hundred lines a group, so only its size is shown. */
export function printPlan(plans: readonly TenantSchemaPlan[]): void {
  printTable(
    ["schemas", "role", "first of them", "migrations", "SQL lines each"],
    plans.map(({ schemas, role, steps, sql }) => [
      schemas.length,
      role,
      schemas[0] ?? "",
      steps.map(({ migration }) => migration).join("\n"),
      sql.split("\n").length,
    ]),
  );
}
