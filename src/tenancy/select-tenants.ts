import type { Kysely } from "kysely";
import type { CatalogSchema, ReadCatalogOptions } from "./schema-catalog.js";
import { readCatalog } from "./schema-catalog.js";
import type { ServerLimits } from "./server-limits.js";
import { assertTenantNames } from "./tenant-names.js";
import { tenantSchemaName } from "./tenant-schema-name.js";
import type { TenantSelection } from "./tenant-selection.js";

interface SelectTenantsParams extends ReadCatalogOptions {
  readonly tenants: TenantSelection;
  /** The template and the shared schema, which are looked up with the rest but are never tenants. */
  readonly reserved: readonly string[];
}

export interface SelectedTenants {
  /** The tenants that exist, in the order of the list, or of their names where a pattern chose them. */
  readonly tenants: readonly CatalogSchema[];
  /** Names that a list has and the database has not. */
  readonly missing: readonly string[];
  /** The reserved schemas that exist, by name. */
  readonly reserved: ReadonlyMap<string, CatalogSchema>;
  /** What the server has room for, where that was asked for and any schema was found. */
  readonly limits: ServerLimits | undefined;
}

/** Finds the tenant schemas of one database, in one statement besides those that a host's function makes. */
export async function selectTenants(
  db: Kysely<any>,
  { tenants, reserved, ...options }: SelectTenantsParams,
): Promise<SelectedTenants> {
  if (tenants instanceof RegExp) {
    const pattern = withoutState(tenants);
    const catalog = await readCatalog(db, undefined, options);
    return {
      tenants: catalog.filter(
        ({ schema }) =>
          pattern.test(schema) && !reserved.includes(schema) && tenantSchemaName.safeParse(schema).success,
      ),
      missing: [],
      reserved: new Map(
        catalog.filter(({ schema }) => reserved.includes(schema)).map((found) => [found.schema, found]),
      ),
      limits: limitsOf(catalog),
    };
  }
  const names = typeof tenants === "function" ? await tenants(db) : tenants;
  assertTenantNames({ names, reserved });
  const rows = await readCatalog(db, [...names, ...reserved], options);
  const catalog = new Map(rows.map((found) => [found.schema, found]));
  return {
    tenants: names.flatMap((name) => catalog.get(name) ?? []),
    missing: names.filter((name) => !catalog.has(name)),
    reserved: new Map(
      reserved.flatMap((name) => {
        const found = catalog.get(name);
        return found === undefined ? [] : [[name, found] as const];
      }),
    ),
    limits: limitsOf(rows),
  };
}

function limitsOf([first]: readonly (CatalogSchema & Partial<ServerLimits>)[]): ServerLimits | undefined {
  const { maxConnections, reservedConnections, usedConnections, lockTableSize } = first ?? {};
  if (maxConnections === undefined || reservedConnections === undefined || usedConnections === undefined) {
    return undefined;
  }
  return { maxConnections, reservedConnections, usedConnections, lockTableSize: lockTableSize ?? 0 };
}

/** A pattern with the flag g or y remembers where it stopped and would skip every other schema. */
function withoutState(pattern: RegExp): RegExp {
  return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
}
