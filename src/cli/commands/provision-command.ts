import type { Command } from "commander";
import { createTenantSchema } from "../../tenancy/create-tenant-schema.js";
import { DEFAULT_TENANT_PATTERN } from "../../tenancy/tenant-pattern.js";
import { parseTenantSchemaName } from "../../tenancy/tenant-schema-name.js";
import { defineCommand } from "../define-command.js";
import { exitCodes } from "../exit-codes.js";
import { connectionFlags } from "../flags/connection-flags.js";
import { laterRunsFlag, type TenantFlags } from "../flags/fleet-flags.js";
import { type MigrationFlags, ownMigrationFlags } from "../flags/migration-flags.js";
import { outputFlags } from "../flags/output-flags.js";
import { allMigrations } from "../host-migrations.js";
import { printable } from "../../report/printable.js";
import { printJson, printText } from "../output/print-result.js";
import { counted } from "../../report/quantity.js";
import type { CommonFlags } from "../run-command.js";

type ProvisionFlags = CommonFlags & Pick<TenantFlags, "tenantsMatching"> & Pick<MigrationFlags, "migrations">;

export function provisionCommand(): Command {
  return defineCommand<ProvisionFlags>({
    name: "provision",
    summary: "Create the schema of a new tenant, complete and up to date",
    description: "All tables and the record of their migrations, in one transaction: all of it or nothing.",
    argument: { name: "schema", description: "the name of the new schema" },
    flags: [connectionFlags, laterRunsFlag, ownMigrationFlags, outputFlags],
    example: "marketplace-jobs provision user_4711",
    finishesFirst: true,
    prepare: async (flags, argument) => {
      const schema = parseTenantSchemaName(argument);
      const migrations = await allMigrations(flags.migrations);
      const pattern = flags.tenantsMatching ?? DEFAULT_TENANT_PATTERN;
      return async ({ connections, talk }) => {
        const created = await createTenantSchema(connections.onlyDatabase, schema, { migrations });
        if (flags.json === true) printJson(created);
        else printText(`${printable(created.schema)} created with ${counted(created.applied.length, "migration")}`);
        if (!pattern.test(created.schema)) {
          talk.warn(
            `${printable(created.schema)} does not match ${printable(pattern.source)}, so later runs will not select ` +
              `it: pass them --tenants-matching with a pattern that it matches, or --tenant ${printable(created.schema)}`,
          );
        }
        return exitCodes.done;
      };
    },
  });
}
