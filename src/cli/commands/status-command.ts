import type { Command } from "commander";
import { getTenantSchemaStatus, type TenantSchemaStatus } from "../../sync/tenant-schema-status.js";
import { defineCommand } from "../define-command.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { connectionFlags } from "../flags/connection-flags.js";
import { type FleetFlags, fleetFlags, fleetOptions } from "../flags/fleet-flags.js";
import { type MigrationFlags, ownMigrationFlags } from "../flags/migration-flags.js";
import { failOnPendingFlag, outputFlags, type PendingFlags } from "../flags/output-flags.js";
import { allMigrations } from "../host-migrations.js";
import { counted, grouped, lackingMigrations } from "../../report/quantity.js";
import { printJson, printText } from "../output/print-result.js";
import type { Talk } from "../output/talk.js";
import { renderStatus } from "../output/render-status.js";
import { warnOfNoTenant } from "../no-tenant-warning.js";
import type { CommonFlags } from "../run-command.js";

type StatusFlags = CommonFlags & FleetFlags & Pick<MigrationFlags, "migrations"> & PendingFlags;

export function statusCommand(): Command {
  return defineCommand<StatusFlags>({
    name: "status",
    summary: "Show which migrations every schema has and lacks",
    description: "One look at the catalog and the ledgers; nothing is changed and nobody is waited for.",
    flags: [connectionFlags, fleetFlags, ownMigrationFlags, failOnPendingFlag, outputFlags],
    example: "marketplace-jobs status --tenants-matching '^user_[0-9]+$'",
    finishesFirst: false,
    prepare: async (flags) => {
      const options = { ...fleetOptions(flags), migrations: await allMigrations(flags.migrations) };
      return async (session) => {
        await warnOfNoTenant(flags, session);
        const { connections, talk } = session;
        const statuses = await getTenantSchemaStatus(connections.databases, options);
        if (flags.json === true) printJson(statuses);
        else printText(renderStatus(statuses, { isVerbose: talk.level === "verbose" }));
        return conclude(statuses, { talk, failOnPending: flags.failOnPending ?? false });
      };
    },
  });
}

function conclude(
  statuses: readonly TenantSchemaStatus[],
  { talk, failOnPending }: { readonly talk: Talk; readonly failOnPending: boolean },
): ExitCode {
  const count = (counts: (status: TenantSchemaStatus) => boolean): number => statuses.filter(counts).length;
  const pending = count((status) => status.pending.length > 0);
  const ahead = count(({ unknown }) => unknown.length > 0);
  const unreadable = count(({ error }) => error !== undefined);
  talk.say(
    `${counted(statuses.length, "schema")}: ` +
      [
        lackingMigrations(pending),
        ...(ahead === 0 ? [] : [`${grouped(ahead)} have migrations that are not known here`]),
        ...(unreadable === 0 ? [] : [`${grouped(unreadable)} cannot be read`]),
      ].join(", "),
  );
  if (unreadable > 0) return exitCodes.failed;
  return pending > 0 && failOnPending ? exitCodes.pending : exitCodes.done;
}
