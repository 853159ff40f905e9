import type { Command } from "commander";
import type { Kysely } from "kysely";
import { migrations as ownMigrations } from "../../../migrations/index.js";
import { NO_MIGRATIONS } from "../../sync/no-migrations.js";
import type { FleetOptions } from "../../sync/sync-options.js";
import { getTenantSchemaStatus, type TenantSchemaStatus } from "../../sync/tenant-schema-status.js";
import { assertKnownMigration, parseMigrationSet } from "../../tenancy/migration-set.js";
import { defineCommand } from "../define-command.js";
import { connectionFlags } from "../flags/connection-flags.js";
import { type FleetFlags, fleetFlags, fleetOptions } from "../flags/fleet-flags.js";
import { type MigrationFlags, rollbackFlags } from "../flags/migration-flags.js";
import { outputFlags, reportFlag, type ReportFlags } from "../flags/output-flags.js";
import { canaryFlag, type RunFlags, runFlags, runOptions } from "../flags/run-flags.js";
import { allMigrations } from "../host-migrations.js";
import { ReportPage } from "../output/report-page.js";
import { warnOfNoTenant } from "../no-tenant-warning.js";
import type { CommonFlags } from "../run-command.js";
import { runSync } from "../run-sync.js";
import { showSyncReport } from "../show-sync-report.js";

type RollbackFlags = CommonFlags & FleetFlags & MigrationFlags & RunFlags & ReportFlags;

export function rollbackCommand(): Command {
  return defineCommand<RollbackFlags>({
    name: "rollback",
    summary: "Take the schemas that are beyond a migration back to it",
    description:
      "The same engine and safety as sync, in the other direction only: schemas that are not beyond --to, and the " +
      "shared schema, stay as they are. With --tenant, so does the template, unless --template names it. A step back " +
      "that would lose rows is refused.",
    flags: [connectionFlags, fleetFlags, rollbackFlags, runFlags, canaryFlag, reportFlag, outputFlags],
    example: "marketplace-jobs rollback --tenant user_1 --to 0004_link_jobs_to_batches",
    finishesFirst: true,
    prepare: async (flags) => {
      const migrations = await allMigrations(flags.migrations);
      const set = parseMigrationSet(migrations ?? ownMigrations, "migrations");
      const { to = "" } = flags;
      if (to !== NONE) assertKnownMigration(set, to);
      const kept = new Set(to === NONE ? [] : set.names.slice(0, set.names.indexOf(to) + 1));
      const named = fleetOptions(flags);
      const template = flags.tenant === undefined ? named.template : (named.template ?? false);
      const fleet = { ...named, template, migrations, sharedSchema: false } satisfies FleetOptions;
      const isBeyond = ({ applied, unknown, error }: TenantSchemaStatus): boolean =>
        error !== undefined || unknown.length > 0 || applied.some((name) => !kept.has(name));
      const page = await ReportPage.at(flags.report, flags.migrations);
      return async (session) => {
        await warnOfNoTenant(flags, session);
        const beyond = (await getTenantSchemaStatus(session.connections.databases, fleet)).filter(isBeyond);
        const report = await runSync(session, {
          ...fleet,
          ...runOptions(flags),
          template: beyond.some(({ role }) => role === "template") ? fleet.template : false,
          // Asked of each database by itself: a name may be beyond in one of them and not in another.
          tenants: async (db: Kysely<any>) =>
            (await getTenantSchemaStatus(db, fleet))
              .filter((status) => status.role === "tenant" && isBeyond(status))
              .map(({ schema }) => schema),
          to: to === NONE ? NO_MIGRATIONS : to,
        });
        return await showSyncReport(report, { flags, page, talk: session.talk });
      };
    },
  });
}

/** What `--to` says for the state before the first migration. */
const NONE = "none";
