import type { Kysely } from "kysely";
import { printable } from "../report/printable.js";
import { listTenantSchemas } from "../tenancy/list-tenant-schemas.js";
import { DEFAULT_TENANT_PATTERN } from "../tenancy/tenant-pattern.js";
import { DEFAULT_SHARED_SCHEMA } from "../tenancy/tenant-schema-name.js";
import { type FleetFlags, fleetOptions } from "./flags/fleet-flags.js";
import type { Session } from "./session.js";

/** A pattern that selects nobody would look like a fleet that has nothing to do. */
export async function warnOfNoTenant(flags: FleetFlags, { connections, talk }: Session): Promise<void> {
  if (flags.tenant !== undefined) return;
  const pattern = flags.tenantsMatching ?? DEFAULT_TENANT_PATTERN;
  const { template, sharedSchema = DEFAULT_SHARED_SCHEMA } = fleetOptions(flags);
  const selectsNobody = async (db: Kysely<any>): Promise<boolean> =>
    (await listTenantSchemas(db, { tenants: pattern, template })).every((schema) => schema === sharedSchema);
  const { all } = connections;
  if (!(await Promise.all(all.map(({ db }) => selectsNobody(db)))).every(Boolean)) return;
  const given = flags.tenantsMatching === undefined ? " (the default of --tenants-matching)" : "";
  talk.warn(
    `no tenant schema matches ${printable(pattern.source)}${given}: pass --tenants-matching with a pattern over the ` +
      "names that yours have, or --tenant",
  );
}
