import type { Command } from "commander";
import { renderVerifyReportHtml } from "../../report/render-verify-report-html.js";
import type { VerifyReport } from "../../verify/verify-report.js";
import { verifyTenantSchemas } from "../../verify/verify-tenant-schemas.js";
import { defineCommand } from "../define-command.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { connectionFlags } from "../flags/connection-flags.js";
import { type FleetFlags, fleetFlags, fleetOptions } from "../flags/fleet-flags.js";
import {
  failOnPendingFlag,
  outputFlags,
  type PendingFlags,
  reportFlag,
  type ReportFlags,
} from "../flags/output-flags.js";
import { paletteFor } from "../output/palette.js";
import { printJson, printText } from "../output/print-result.js";
import { renderVerifyReport } from "../output/render-verify-report.js";
import { ReportPage } from "../output/report-page.js";
import { warnOfNoTenant } from "../no-tenant-warning.js";
import type { CommonFlags } from "../run-command.js";

export function verifyCommand(): Command {
  return defineCommand<CommonFlags & FleetFlags & PendingFlags & ReportFlags>({
    name: "verify",
    summary: "Compare the structure of every schema with the canonical one",
    description:
      "A schema that lacks migrations is compared with what it should be at its last one. What is your own (foreign " +
      "keys, columns, views) is no drift. Nothing is changed or locked; exit code 1 when a schema has drifted.",
    flags: [connectionFlags, fleetFlags, failOnPendingFlag, reportFlag, outputFlags],
    example: "marketplace-jobs verify --fail-on-pending",
    finishesFirst: false,
    prepare: async (flags) => {
      const page = await ReportPage.at(flags.report);
      return async (session) => {
        await warnOfNoTenant(flags, session);
        const { connections, interruption, talk } = session;
        const report = await verifyTenantSchemas(connections.databases, {
          ...fleetOptions(flags),
          signal: interruption.signal,
        });
        if (flags.json === true) {
          printJson(report);
        } else {
          const palette = paletteFor(process.stdout, flags.color !== false);
          printText(renderVerifyReport(report, { palette, isVerbose: talk.level === "verbose" }));
        }
        const exitCode = exitCodeOf(report, flags);
        return (await page?.write(renderVerifyReportHtml(report), { talk, exitCode })) ?? exitCode;
      };
    },
  });
}

function exitCodeOf({ status, summary }: VerifyReport, { failOnPending }: PendingFlags): ExitCode {
  if (status !== "ok") return exitCodes.failed;
  return summary.pending > 0 && failOnPending === true ? exitCodes.pending : exitCodes.done;
}
