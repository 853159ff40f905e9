import type { Kysely } from "kysely";
import * as z from "zod";
import { parseInput } from "../errors/parse-input.js";
import { parseKysely } from "./kysely-instance.js";
import { selectTenants } from "./select-tenants.js";
import { DEFAULT_TENANT_PATTERN } from "./tenant-pattern.js";
import {
  DEFAULT_TEMPLATE_SCHEMA,
  type TenantSchemaName,
  parseTenantSchemaName,
  schemaName,
} from "./tenant-schema-name.js";
import { type TenantSelection, tenantSelection } from "./tenant-selection.js";

export interface ListTenantSchemasOptions {
  /** A pattern over all schema names (default `/^user_[0-9]+$/`), a list of candidates, or a function that lists them. */
  readonly tenants?: TenantSelection | undefined;
  /** The schema that new tenants are cloned from, never a tenant itself; default `template_tenant`. */
  readonly template?: string | false | undefined;
}

const listOptions = z.strictObject({
  tenants: tenantSelection.optional(),
  template: z.union([schemaName, z.literal(false)]).optional(),
});

/**
 * The tenant schemas that exist, in the order of their names by code unit, or of the list where one was given. One
 * statement that reads the catalog and locks no tenant. A schema that the role may not use is listed too.
 *
 * @throws `INVALID_OPTIONS`; `INVALID_TENANT_SCHEMA` for a list with reserved, impossible or repeated names
 *
 * @example
 * ```ts
 * import { Kysely, PostgresDialect } from "kysely";
 * import { listTenantSchemas } from "marketplace-jobs";
 * import pg from "pg";
 *
 * const db = new Kysely<unknown>({
 *   dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) }),
 * });
 * console.log(await listTenantSchemas(db)); // [ "user_1", "user_2" ]
 * await db.destroy();
 * ```
 */
export async function listTenantSchemas(
  db: Kysely<any>,
  options: ListTenantSchemasOptions = {},
): Promise<TenantSchemaName[]> {
  const given = parseInput(listOptions, options, { code: "INVALID_OPTIONS", subject: "listTenantSchemas options" });
  const template = given.template ?? DEFAULT_TEMPLATE_SCHEMA;
  const { tenants } = await selectTenants(parseKysely(db, "listTenantSchemas"), {
    tenants: given.tenants ?? DEFAULT_TENANT_PATTERN,
    reserved: template === false ? [] : [template],
  });
  return tenants.map(({ schema }) => parseTenantSchemaName(schema));
}
