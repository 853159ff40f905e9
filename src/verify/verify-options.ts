import * as z from "zod";
import { migrations } from "../../migrations/index.js";
import { parseInput } from "../errors/parse-input.js";
import { fleetOptionShape, type FleetOptions, type FleetSettings, parseFleetOptions } from "../sync/sync-options.js";

export interface VerifyOptions extends Pick<FleetOptions, "tenants" | "template" | "sharedSchema"> {
  /** Aborting stops after the query that runs. */
  readonly signal?: AbortSignal | undefined;
}

export interface VerifySettings extends FleetSettings {
  readonly signal: AbortSignal | undefined;
}

const verifyOptions = z.strictObject({
  tenants: fleetOptionShape.tenants,
  template: fleetOptionShape.template,
  sharedSchema: fleetOptionShape.sharedSchema,
  signal: z.instanceof(AbortSignal).optional(),
});

/** Checks the options of `verifyTenantSchemas`; throws before any SQL. */
export function parseVerifyOptions(options: unknown, subject: string): VerifySettings {
  const { signal, ...fleet } = parseInput(verifyOptions, options, { code: "INVALID_OPTIONS", subject });
  return { ...parseFleetOptions(fleet, { migrations }, subject), signal };
}
