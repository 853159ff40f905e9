import type { Command } from "commander";
import { CommandFailure } from "../command-failure.js";
import { defineCommand } from "../define-command.js";
import { exitCodes } from "../exit-codes.js";
import { connectionFlags } from "../flags/connection-flags.js";
import { type FleetFlags, fleetFlags, fleetOptions } from "../flags/fleet-flags.js";
import { type MigrationFlags, migrationFlags } from "../flags/migration-flags.js";
import {
  failOnPendingFlag,
  outputFlags,
  type PendingFlags,
  reportFlag,
  type ReportFlags,
} from "../flags/output-flags.js";
import { canaryFlag, type RunFlags, runFlags, runOptions } from "../flags/run-flags.js";
import { allMigrations } from "../host-migrations.js";
import { ReportPage } from "../output/report-page.js";
import { warnOfNoTenant } from "../no-tenant-warning.js";
import type { CommonFlags } from "../run-command.js";
import { runSync } from "../run-sync.js";
import { showSyncReport } from "../show-sync-report.js";

type SyncFlags = CommonFlags & FleetFlags & MigrationFlags & RunFlags & PendingFlags & ReportFlags;

export function syncCommand(): Command {
  return defineCommand<SyncFlags>({
    name: "sync",
    summary: "Bring every schema to the newest migration, or to the one that --to names",
    description:
      "The shared schema first, then the template, canaries, and the rest; each migration of each tenant is one " +
      "transaction, and a tenant that fails is no other's trouble. Run it again at any time: what is done is not done " +
      "twice. Schemas beyond --to are taken back to it.",
    flags: [
      connectionFlags,
      fleetFlags,
      migrationFlags,
      runFlags,
      canaryFlag,
      failOnPendingFlag,
      reportFlag,
      outputFlags,
    ],
    example: "marketplace-jobs sync --canary 1 --max-failures 10",
    finishesFirst: true,
    prepare: async (flags) => {
      if (flags.failOnPending === true && flags.dryRun !== true) {
        throw new CommandFailure({
          message: "--fail-on-pending goes with --dry-run: a sync leaves nothing pending that it could do.",
          exitCode: exitCodes.usage,
        });
      }
      const options = {
        ...fleetOptions(flags),
        ...runOptions(flags),
        migrations: await allMigrations(flags.migrations),
        to: flags.to,
      };
      const page = await ReportPage.at(flags.report, flags.migrations);
      return async (session) => {
        await warnOfNoTenant(flags, session);
        const report = await runSync(session, options);
        const exitCode = await showSyncReport(report, { flags, page, talk: session.talk });
        const isPending = report.summary.migrated + report.summary["rolled-back"] > 0;
        return exitCode === exitCodes.done && flags.failOnPending === true && isPending ? exitCodes.pending : exitCode;
      };
    },
  });
}
