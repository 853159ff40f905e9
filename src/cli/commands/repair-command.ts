import type { Command } from "commander";
import { repairTenantSchemas } from "../../verify/repair-tenant-schemas.js";
import { defineCommand } from "../define-command.js";
import { exitCodes } from "../exit-codes.js";
import { connectionFlags } from "../flags/connection-flags.js";
import { type FleetFlags, fleetFlags, fleetOptions } from "../flags/fleet-flags.js";
import { outputFlags } from "../flags/output-flags.js";
import { type RunFlags, runFlags, runOptions } from "../flags/run-flags.js";
import { paletteFor } from "../output/palette.js";
import { printJson, printText } from "../output/print-result.js";
import { renderRepairReport } from "../output/render-repair-report.js";
import { RepeatedFailures } from "../progress/repeated-failures.js";
import { sayEvent } from "../progress/say-event.js";
import { warnOfNoTenant } from "../no-tenant-warning.js";
import type { CommonFlags } from "../run-command.js";

export function repairCommand(): Command {
  return defineCommand<CommonFlags & FleetFlags & RunFlags>({
    name: "repair",
    summary: "Mend what verify finds, as far as that can lose nothing",
    description:
      "Missing indexes, constraints, defaults and columns, ids that draw from another schema's sequence, wrong names. " +
      "What cannot be mended without loss is refused, with the reason; what pending migrations bring is left to sync. " +
      "--dry-run --verbose shows the SQL.",
    flags: [connectionFlags, fleetFlags, runFlags, outputFlags],
    example: "marketplace-jobs repair --dry-run",
    finishesFirst: true,
    prepare: (flags) => {
      const { canary: _, ...options } = { ...fleetOptions(flags), ...runOptions(flags) };
      return Promise.resolve(async (session) => {
        await warnOfNoTenant(flags, session);
        const { connections, interruption, talk } = session;
        const failures = new RepeatedFailures(talk);
        const report = await repairTenantSchemas(connections.databases, {
          ...options,
          onEvent: (event) => sayEvent(event, { talk, failures }),
          signal: interruption.signal,
          throwOnFailure: false,
        });
        failures.sum();
        if (flags.json === true) {
          printJson(report);
        } else {
          const palette = paletteFor(process.stdout, flags.color !== false);
          printText(renderRepairReport(report, { palette, isVerbose: talk.level === "verbose" }));
        }
        if (report.status === "aborted") return exitCodes.interrupted;
        return report.status === "ok" ? exitCodes.done : exitCodes.failed;
      });
    },
  });
}
