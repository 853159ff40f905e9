import { type Command, Option } from "commander";
import { planTenantSchemas, type TenantSchemaPlan } from "../../sync/plan-tenant-schemas.js";
import { defineCommand } from "../define-command.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { connectionFlags } from "../flags/connection-flags.js";
import type { FlagGroup } from "../flags/flag-group.js";
import { type FleetFlags, fleetFlags, fleetOptions } from "../flags/fleet-flags.js";
import { type MigrationFlags, migrationFlags } from "../flags/migration-flags.js";
import { failOnPendingFlag, outputFlags, type PendingFlags } from "../flags/output-flags.js";
import { allMigrations } from "../host-migrations.js";
import { printJson, printText } from "../output/print-result.js";
import { counted } from "../../report/quantity.js";
import { renderPlan, renderPlanSql } from "../output/render-plan.js";
import { warnOfNoTenant } from "../no-tenant-warning.js";
import type { CommonFlags } from "../run-command.js";

type PlanFlags = CommonFlags & FleetFlags & MigrationFlags & PendingFlags & { readonly sql?: boolean | undefined };

const sqlFlag: FlagGroup = {
  heading: "Output:",
  options: () => [
    new Option("--sql", "print the SQL itself, a script for psql for one schema of each group").conflicts("json"),
  ],
};

export function planCommand(): Command {
  return defineCommand<PlanFlags>({
    name: "plan",
    summary: "Show what sync would do, schema by schema, as SQL to read",
    description: "Schemas that need the same are one group. Nothing is written or locked.",
    flags: [connectionFlags, fleetFlags, migrationFlags, failOnPendingFlag, sqlFlag, outputFlags],
    example: "marketplace-jobs plan --to 0004_link_jobs_to_batches --sql",
    finishesFirst: false,
    prepare: async (flags) => {
      const options = { ...fleetOptions(flags), migrations: await allMigrations(flags.migrations), to: flags.to };
      return async (session) => {
        await warnOfNoTenant(flags, session);
        const { connections, talk } = session;
        const plans = await planTenantSchemas(connections.databases, options);
        if (flags.json === true) printJson(plans);
        else printText(flags.sql === true ? renderPlanSql(plans) : renderPlan(plans));
        const changed = countSchemas(plans.filter(({ steps }) => steps.length > 0));
        talk.say(`${counted(countSchemas(plans), "schema")}, ${counted(changed, "schema")} to be changed`);
        return exitCodeOf(plans, changed > 0 && flags.failOnPending === true);
      };
    },
  });
}

function countSchemas(plans: readonly TenantSchemaPlan[]): number {
  return plans.reduce((sum, { schemas }) => sum + schemas.length, 0);
}

function exitCodeOf(plans: readonly TenantSchemaPlan[], isPending: boolean): ExitCode {
  if (plans.some(({ problem }) => problem !== undefined)) return exitCodes.failed;
  return isPending ? exitCodes.pending : exitCodes.done;
}
