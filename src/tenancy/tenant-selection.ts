import type { Kysely } from "kysely";
import * as z from "zod";

/** Which schemas are tenants: a pattern over all schema names, their names, or a function that names them. */
export type TenantSelection = RegExp | readonly string[] | ((db: Kysely<any>) => Promise<readonly string[]>);

export const tenantSelection = z.custom<TenantSelection>(
  (value) =>
    value instanceof RegExp ||
    typeof value === "function" ||
    (Array.isArray(value) && value.every((name) => typeof name === "string")),
  { error: "must be a RegExp, a list of schema names, or a function that returns one" },
);
