import * as z from "zod";
import { InvalidInputError } from "../errors/parse-input.js";
import { quoted } from "../errors/quoted.js";
import { tenantSchemaName } from "./tenant-schema-name.js";

/** How many names an error's message tells; its details have all. */
const MAX_NAMED = 10;

interface AssertTenantNamesParams {
  readonly names: readonly string[];
  /** Schemas of the run that are no tenants: its template and its shared schema. */
  readonly reserved: readonly string[];
}

/** Refuses a list of tenants with impossible, reserved or repeated names, in one error. */
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
  const listed = [...problems].slice(0, MAX_NAMED).map(([name, problem]) => `${quoted(name)}: ${problem}`);
  const others = problems.size > MAX_NAMED ? `; and ${problems.size - MAX_NAMED} more` : "";
  throw new InvalidInputError({
    code: "INVALID_TENANT_SCHEMA",
    message: `tenants: ${listed.join("; ")}${others}`,
    hint: "List each tenant's schema once, by its exact name in pg_namespace.",
    details: { schemas: [...problems.keys()] },
  });
}
