import type { Migration } from "../../migrations/migration.js";
import * as z from "zod";
import { parseInput } from "../errors/parse-input.js";
import { DEFAULT_TENANT_PATTERN } from "../tenancy/tenant-pattern.js";
import { DEFAULT_TEMPLATE_SCHEMA, schemaName } from "../tenancy/tenant-schema-name.js";
import type { TenantSelection } from "../tenancy/tenant-selection.js";
import { tenantSelection } from "../tenancy/tenant-selection.js";
import type { MigrationSet } from "../tenancy/migration-set.js";
import { assertKnownMigration, parseMigrationSet } from "../tenancy/migration-set.js";
import type { NoMigrations } from "./no-migrations.js";
import {
  DEFAULT_CONCURRENCY,
  DEFAULT_LOCK_TIMEOUT_MS,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_SHARED_SCHEMA,
} from "./sync-defaults.js";
import type { SyncEvent } from "./sync-event.js";

/** Which schemas a run is about and what they should have; the same for status, plan and sync. */
export interface FleetOptions {
  /** The migrations in the order of their names; default: ours. A host passes `{ ...migrations, ...its own }`. */
  readonly migrations?: Readonly<Record<string, Migration>> | undefined;
  /** The tenant schemas: a pattern over their names (default `/^user_[0-9]+$/`), a list, or a function that lists them. */
  readonly tenants?: TenantSelection | undefined;
  /**
   * The schema that new tenants are cloned from, migrated before all others; default `template_tenant`, which may be
   * absent, where a name that was given must exist. `false`: there is none.
   */
  readonly template?: string | false | undefined;
  /** The schema that all tenants read, with migrations of its own; default `public`. `false`: leave it alone. */
  readonly sharedSchema?: string | false | undefined;
  /**
   * The last migration that tenants should have; default: the newest. Tenants below it go up, those above it go down,
   * in the same run. `NO_MIGRATIONS` takes everything back. The shared schema always goes to its newest.
   */
  readonly to?: string | NoMigrations | undefined;
}

export interface SyncOptions extends FleetOptions {
  /** Tenants worked on at the same time, at most; default 4. What the server's settings allow may be less. */
  readonly concurrency?: number | undefined;
  /** How long one statement waits for a lock before its tenant is put back; default 500. */
  readonly lockTimeoutMs?: number | undefined;
  /** How long one statement may run; default: the session's own setting. */
  readonly statementTimeoutMs?: number | undefined;
  /** How often a tenant is tried when it is busy or the connection is lost; default 5. */
  readonly maxAttempts?: number | undefined;
  /** Tenants that go first: how many, or which. */
  readonly canary?: number | readonly string[] | undefined;
  /** Whether other tenants go on after one has failed; default `continue`. */
  readonly onFailure?: "continue" | "stop" | undefined;
  /** Stop when this many tenants have failed. */
  readonly maxFailures?: number | undefined;
  /** Aborting starts no further migration; those that run are finished. */
  readonly signal?: AbortSignal | undefined;
  /** Hears what happens, as it happens. What it throws is caught. */
  readonly onEvent?: ((event: SyncEvent) => void) | undefined;
  /** Look, and report what would be done; nothing is written. */
  readonly dryRun?: boolean | undefined;
  /** Whether a run in which something failed, or that was aborted, throws; default true. */
  readonly throwOnFailure?: boolean | undefined;
}

export interface FleetSettings {
  readonly set: MigrationSet;
  readonly tenants: TenantSelection;
  readonly template: string | false;
  readonly isTemplateRequired: boolean;
  readonly sharedSchema: string | false;
  /** The names that a tenant should have in the end, in order. */
  readonly target: readonly string[];
}

export interface SyncSettings extends FleetSettings {
  readonly concurrency: number;
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number | undefined;
  readonly maxAttempts: number;
  readonly canary: number | readonly string[] | undefined;
  readonly onFailure: "continue" | "stop";
  readonly maxFailures: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: ((event: SyncEvent) => void) | undefined;
  readonly dryRun: boolean;
  readonly throwOnFailure: boolean;
}

/** PostgreSQL keeps timeouts in 32 bits of milliseconds. */
const timeoutMs = z.int().min(1).max(2_147_483_647);

export const fleetOptionShape = {
  migrations: z.unknown().optional(),
  tenants: tenantSelection.optional(),
  template: z.union([schemaName, z.literal(false)]).optional(),
  sharedSchema: z.union([schemaName, z.literal(false)]).optional(),
  to: z.union([z.string(), z.object({ __noMigrations__: z.literal(true) })]).optional(),
};

const syncOptions = z.strictObject({
  ...fleetOptionShape,
  concurrency: z.int().min(1).max(1_000).optional(),
  lockTimeoutMs: timeoutMs.optional(),
  statementTimeoutMs: timeoutMs.optional(),
  maxAttempts: z.int().min(1).max(1_000).optional(),
  canary: z.union([z.int().min(1), z.array(schemaName).min(1)]).optional(),
  onFailure: z.enum(["continue", "stop"]).optional(),
  maxFailures: z.int().min(1).optional(),
  signal: z.instanceof(AbortSignal).optional(),
  onEvent: z
    .custom<(event: SyncEvent) => void>((value) => typeof value === "function", { error: "must be a function" })
    .optional(),
  dryRun: z.boolean().optional(),
  throwOnFailure: z.boolean().optional(),
});

export interface MigrationDefaults {
  readonly migrations: Readonly<Record<string, Migration>>;
}

/** Checks the options of `syncTenantSchemas` and fills in what was left out; throws before any SQL. */
export function parseSyncOptions(options: unknown, defaults: MigrationDefaults): SyncSettings {
  const given = parseInput(syncOptions, options, { code: "INVALID_OPTIONS", subject: "syncTenantSchemas options" });
  return {
    ...fleetSettings(given, defaults),
    concurrency: given.concurrency ?? DEFAULT_CONCURRENCY,
    lockTimeoutMs: given.lockTimeoutMs ?? DEFAULT_LOCK_TIMEOUT_MS,
    statementTimeoutMs: given.statementTimeoutMs,
    maxAttempts: given.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    canary: given.canary,
    onFailure: given.onFailure ?? "continue",
    maxFailures: given.maxFailures,
    signal: given.signal,
    onEvent: given.onEvent,
    dryRun: given.dryRun ?? false,
    throwOnFailure: given.throwOnFailure ?? true,
  };
}

/** Checks the options that say which schemas and which migrations are meant; `subject` names the function called. */
export function parseFleetOptions(options: unknown, defaults: MigrationDefaults, subject: string): FleetSettings {
  const given = parseInput(z.strictObject(fleetOptionShape), options, { code: "INVALID_OPTIONS", subject });
  return fleetSettings(given, defaults);
}

type GivenFleetOptions = Partial<z.output<z.ZodObject<typeof fleetOptionShape>>>;

export function fleetSettings(given: GivenFleetOptions, defaults: MigrationDefaults): FleetSettings {
  const set = parseMigrationSet(given.migrations ?? defaults.migrations, "migrations");
  return {
    set,
    tenants: given.tenants ?? DEFAULT_TENANT_PATTERN,
    template: given.template ?? DEFAULT_TEMPLATE_SCHEMA,
    isTemplateRequired: typeof given.template === "string",
    sharedSchema: given.sharedSchema ?? DEFAULT_SHARED_SCHEMA,
    target: targetOf(set, given.to),
  };
}

function targetOf(set: MigrationSet, to: string | NoMigrations | undefined): readonly string[] {
  if (to === undefined) return set.names;
  if (typeof to !== "string") return [];
  assertKnownMigration(set, to);
  return set.names.slice(0, set.names.indexOf(to) + 1);
}
