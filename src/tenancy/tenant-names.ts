import * as z from "zod";
import { InvalidInputError } from "../errors/parse-input.js";
import { tenantSchemaName } from "./tenant-schema-name.js";

interface AssertTenantNamesParams {
  readonly names: readonly string[];
  /** Schemas of the run that are no tenants: its template and its shared schema. */
  readonly reserved: readonly string[];
}

/** Refuses a list of tenants with impossible, reserved or repeated names, naming all of them at once. */
export function assertTenantNames({ names, reserved }: AssertTenantNamesParams): void {
  const problems = new Map<string, string>();
  const seen = new Set<string>();
  for (const name of names) {
    const parsed = tenantSchemaName.safeParse(name);
    if (!parsed.success) problems.set(name, z.core.prettifyError(parsed.error).replace(/^✖ /, ""));
    else if (reserved.includes(name)) problems.set(name, "the template and the shared schema are no tenants");
    else if (seen.has(name)) problems.set(name, "is listed more than once");
    seen.add(name);
  }
  if (problems.size === 0) return;
  const listed = [...problems].map(([name, problem]) => `${JSON.stringify(name)}: ${problem}`);
  throw new InvalidInputError({
    code: "INVALID_TENANT_SCHEMA",
    message: `tenants: ${listed.join("; ")}`,
    hint: "List each tenant's schema once, by its exact name in pg_namespace.",
    details: { schemas: [...problems.keys()] },
  });
}
