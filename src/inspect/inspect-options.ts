import * as z from "zod";
import { migrations } from "../../migrations/index.js";
import type { TenantColumn } from "../column-use/column-use.js";
import { parseInput } from "../errors/parse-input.js";
import { type FleetOptions, fleetOptionShape, type FleetSettings, parseFleetOptions } from "../sync/sync-options.js";
import { MAX_SCHEMA_NAME_BYTES } from "../tenancy/tenant-schema-name.js";

/** Which statements an inspection looks at, see {@link InspectColumnUseOptions.statements}. */
export const statementScopes = ["all", "running", "none"] as const;

export type StatementScope = (typeof statementScopes)[number];

export interface InspectColumnUseOptions extends Pick<FleetOptions, "tenants" | "template"> {
  /** The table's name in every schema, exactly as the catalog has it. */
  readonly table: string;
  /** The column's name, exactly as the catalog has it. */
  readonly column: string;
  /**
   * Which statements are looked at: `all`, the default; `running`, those in `pg_stat_activity`; `none`. What is left out
   * on purpose does not keep the verdict from being `clear`: choose it where `pg_stat_statements` cannot be had.
   */
  readonly statements?: StatementScope | undefined;
  /** Aborting stops after the query that runs. */
  readonly signal?: AbortSignal | undefined;
}

export interface InspectSettings extends TenantColumn {
  readonly fleet: FleetSettings;
  readonly statements: StatementScope;
  readonly signal: AbortSignal | undefined;
}

/** Names in the catalog have the same bounds everywhere. */
const identifier = z
  .string()
  .min(1, "a name must not be empty")
  .refine((name) => Buffer.byteLength(name, "utf8") <= MAX_SCHEMA_NAME_BYTES, {
    error: `a name must not exceed ${MAX_SCHEMA_NAME_BYTES} bytes`,
  })
  .refine((name) => !name.includes("\u0000") && name.isWellFormed(), {
    error: "a name must not contain NUL or a lone surrogate",
  });

const inspectOptions = z.strictObject({
  table: identifier,
  column: identifier,
  tenants: fleetOptionShape.tenants,
  template: fleetOptionShape.template,
  statements: z.enum(statementScopes).optional(),
  signal: z.instanceof(AbortSignal).optional(),
});

/** Checks the options of `inspectColumnUse`; throws before any SQL. */
export function parseInspectOptions(options: unknown, subject: string): InspectSettings {
  const { table, column, statements, signal, ...fleet } = parseInput(inspectOptions, options, {
    code: "INVALID_OPTIONS",
    subject,
  });
  return {
    table,
    column,
    statements: statements ?? "all",
    signal,
    fleet: parseFleetOptions({ ...fleet, sharedSchema: false }, { migrations }, subject),
  };
}
