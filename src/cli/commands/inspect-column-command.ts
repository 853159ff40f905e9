import { type Command, Option } from "commander";
import { inspectColumnUse } from "../../inspect/inspect-column-use.js";
import { type StatementScope, statementScopes } from "../../inspect/inspect-options.js";
import { qualifiedColumn } from "../column-argument.js";
import { defineCommand } from "../define-command.js";
import { exitCodes } from "../exit-codes.js";
import { connectionFlags } from "../flags/connection-flags.js";
import type { FlagGroup } from "../flags/flag-group.js";
import { tenantFlags, type TenantFlags, tenantOptions } from "../flags/fleet-flags.js";
import { outputFlags } from "../flags/output-flags.js";
import { paletteFor } from "../output/palette.js";
import { printJson, printText } from "../output/print-result.js";
import { renderColumnUseReport } from "../output/render-column-use-report.js";
import { warnOfNoTenant } from "../no-tenant-warning.js";
import type { CommonFlags } from "../run-command.js";

type InspectColumnFlags = CommonFlags & TenantFlags & { readonly statements?: StatementScope | undefined };

const statementsFlag: FlagGroup = {
  heading: "Check:",
  options: () => [
    new Option(
      "--statements <which>",
      "which statements are looked at (default: all): those that run, in pg_stat_activity, and those recorded by " +
        "pg_stat_statements; what is left out does not keep the exit code from being 0",
    ).choices(statementScopes),
  ],
};

export function inspectColumnCommand(): Command {
  return defineCommand<InspectColumnFlags>({
    name: "inspect-column",
    summary: "Tell what still uses a column, before it is dropped",
    description:
      "Views, functions, triggers, policies, indexes and constraints, statements that run or have run, and jobs whose " +
      "string nothing else holds. Nothing is changed or locked; exit code 0 only when nothing was found and everything " +
      "could be looked at.",
    argument: {
      name: "table.column",
      description: "the table and its column; names that contain a dot in double quotes",
    },
    flags: [connectionFlags, tenantFlags, statementsFlag, outputFlags],
    example: "marketplace-jobs inspect-column marketplace_jobs.batch_id",
    finishesFirst: false,
    prepare: (flags, argument) => {
      const column = qualifiedColumn(argument);
      return Promise.resolve(async (session) => {
        await warnOfNoTenant(flags, session);
        const { connections, interruption, talk } = session;
        const report = await inspectColumnUse(connections.databases, {
          ...column,
          ...tenantOptions(flags),
          statements: flags.statements,
          signal: interruption.signal,
        });
        if (flags.json === true) {
          printJson(report);
        } else {
          const palette = paletteFor(process.stdout, flags.color !== false);
          printText(renderColumnUseReport(report, { palette, isVerbose: talk.level === "verbose" }));
        }
        return report.verdict === "clear" ? exitCodes.done : exitCodes.failed;
      });
    },
  });
}
