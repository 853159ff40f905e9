import { Option } from "commander";
import type { FleetOptions } from "../../sync/sync-options.js";
import { DEFAULT_TENANT_PATTERN } from "../../tenancy/tenant-pattern.js";
import { DEFAULT_SHARED_SCHEMA, DEFAULT_TEMPLATE_SCHEMA } from "../../tenancy/tenant-schema-name.js";
import type { FlagGroup } from "./flag-group.js";
import { eachOf, pattern } from "./flag-values.js";

export interface TenantFlags {
  readonly tenant?: readonly string[] | undefined;
  readonly tenantsMatching?: RegExp | undefined;
  readonly template?: string | false | undefined;
}

export interface FleetFlags extends TenantFlags {
  readonly sharedSchema?: string | false | undefined;
}

/** For commands that have nothing to do with the shared schema. */
export const tenantFlags: FlagGroup = {
  heading: "Schemas:",
  options: () => [
    new Option("--tenant <schema>", "a tenant schema, by its exact name; repeatable").argParser(eachOf),
    new Option(
      "--tenants-matching <regexp>",
      `the tenant schemas whose names match (default: ${DEFAULT_TENANT_PATTERN.source})`,
    )
      .argParser(pattern)
      .conflicts("tenant"),
    new Option(
      "--template <schema>",
      `the schema that new tenants are cloned from (default: ${DEFAULT_TEMPLATE_SCHEMA})`,
    ),
    new Option("--no-template", "there is no template"),
  ],
};

/** For the command that makes a tenant, which later runs should find. */
export const laterRunsFlag: FlagGroup = {
  heading: tenantFlags.heading,
  options: () => [
    new Option(
      "--tenants-matching <regexp>",
      `what later runs are given: a new name that it does not match is warned of (default: ${DEFAULT_TENANT_PATTERN.source})`,
    ).argParser(pattern),
  ],
};

export const fleetFlags: FlagGroup = {
  heading: tenantFlags.heading,
  options: () => [
    ...tenantFlags.options(),
    new Option("--shared-schema <schema>", `the schema that all tenants read (default: ${DEFAULT_SHARED_SCHEMA})`),
    new Option("--no-shared-schema", "leave the shared schema alone"),
  ],
};

/** The flags as the library's functions take them. */
export function tenantOptions({
  tenant,
  tenantsMatching,
  template,
}: TenantFlags): Pick<FleetOptions, "tenants" | "template"> {
  return { tenants: tenant ?? tenantsMatching, template: given(template) };
}

export function fleetOptions({
  sharedSchema,
  ...flags
}: FleetFlags): Pick<FleetOptions, "tenants" | "template" | "sharedSchema"> {
  return { ...tenantOptions(flags), sharedSchema: given(sharedSchema) };
}

/** A flag that also exists with `--no-` is true, rather than undefined, when neither was given. */
function given(value: string | boolean | undefined): string | false | undefined {
  return value === true ? undefined : value;
}
