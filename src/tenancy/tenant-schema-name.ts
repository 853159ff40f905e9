import * as z from "zod";
import { parseInput } from "../errors/parse-input.js";
import { quoted } from "../errors/quoted.js";

/** PostgreSQL cuts longer identifiers silently (NAMEDATALEN - 1), which would address another schema. */
export const MAX_SCHEMA_NAME_BYTES = 63;

/** The schema new tenants are cloned from, unless a host says otherwise. */
export const DEFAULT_TEMPLATE_SCHEMA = "template_tenant";

/** The schema that all tenants read, unless a host says otherwise. */
export const DEFAULT_SHARED_SCHEMA = "public";

const NUL = "\u0000";

/**
 * Any name that PostgreSQL can hold as a schema of its own: 1–63 bytes of UTF-8 without NUL and lone surrogates.
 * A name that only needs quoting is valid.
 */
export const schemaName = z
  .string()
  .min(1, "a schema name must not be empty")
  .refine((name) => Buffer.byteLength(name, "utf8") <= MAX_SCHEMA_NAME_BYTES, {
    error: `a schema name must not exceed ${MAX_SCHEMA_NAME_BYTES} bytes, where PostgreSQL would cut it`,
  })
  .refine((name) => !name.includes(NUL), { error: "a schema name must not contain NUL" })
  .refine((name) => name.isWellFormed(), { error: "a schema name must not contain a lone surrogate" })
  .refine((name) => !name.startsWith("pg_") && name !== "information_schema", {
    error: "schemas named pg_* and information_schema belong to PostgreSQL",
  });

/**
 * The name of one customer's schema, checked and branded: only a parsed name is accepted inside the library, so an
 * unchecked string cannot reach an identifier. Refused besides what {@link schemaName} refuses: `public` and the
 * default template.
 *
 * @example
 * ```ts
 * import { tenantSchemaName } from "marketplace-jobs";
 *
 * const schema = tenantSchemaName.parse("user_1");
 * console.log(schema); // user_1
 * console.log(tenantSchemaName.safeParse("public").success); // false
 * ```
 */
export const tenantSchemaName = schemaName
  .refine((name) => name !== "public", { error: "public is shared by all tenants and is no tenant schema" })
  .refine((name) => name !== DEFAULT_TEMPLATE_SCHEMA, {
    error: `${DEFAULT_TEMPLATE_SCHEMA} is the template and is no tenant schema`,
  })
  .brand<"TenantSchemaName">();

export type TenantSchemaName = z.output<typeof tenantSchemaName>;

/** Parses one tenant schema name, or throws `INVALID_TENANT_SCHEMA`. */
export function parseTenantSchemaName(name: string): TenantSchemaName {
  return parseInput(tenantSchemaName, name, {
    code: "INVALID_TENANT_SCHEMA",
    subject: `tenant schema ${quoted(name)}`,
    hint: "Pass the name of the schema that holds one customer's tables, for example user_1.",
  });
}
