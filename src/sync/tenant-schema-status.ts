import type { Kysely } from "kysely";
import * as z from "zod";
import { migrations, sharedMigrations } from "../../migrations/index.js";
import { parseInput } from "../errors/parse-input.js";
import { type MigrationSet, parseMigrationSet } from "../tenancy/migration-set.js";
import type { SchemaState } from "./schema-state.js";
import { surveyDatabases } from "./survey.js";
import { type NamedDatabase, parseDatabases } from "./sync-databases.js";
import { type FleetOptions, fleetOptionShape, fleetSettings } from "./sync-options.js";
import { type TenantSyncFailure, tenantSyncFailureSchema } from "./sync-report.js";

/** Which schemas are looked at, and the migrations that they are held against. */
export type StatusOptions = Omit<FleetOptions, "to">;

const names = z.array(z.string()).readonly();

/**
 * The shape of one schema's status, for whoever reads back what `marketplace-jobs status --json` printed: an array.
 * Fields that a later release has added are left out.
 */
export const tenantSchemaStatusSchema = z.object({
  database: z.string(),
  schema: z.string(),
  role: z.enum(["shared", "template", "tenant"]),
  /** Recorded migrations that the set has, in its order. */
  applied: names,
  /** Migrations of the set that are not recorded, in its order. */
  pending: names,
  /** Recorded migrations that the set does not have: the schema is ahead of it. */
  unknown: names,
  /** Why the ledger could not be read; the three lists are empty then. */
  error: tenantSyncFailureSchema.optional(),
});

/** What one schema has and lacks, by its ledger. */
export interface TenantSchemaStatus extends Readonly<z.output<typeof tenantSchemaStatusSchema>> {
  readonly error?: TenantSyncFailure | undefined;
}

/**
 * What every schema has and lacks: the shared schema, the template, then the tenants. It takes one look at the catalog
 * and reads a hundred ledgers with each query; it changes nothing. Where somebody has a ledger locked exclusively, as
 * whoever drops a schema does, it waits for half a second, reads the others, and gives that schema's `error`: a
 * `LOCK_TIMEOUT`.
 *
 * @throws `INVALID_OPTIONS`, `INVALID_MIGRATIONS`, `INVALID_TENANT_SCHEMA`, `UNKNOWN_TENANT_SCHEMA`
 *
 * @example
 * ```ts
 * import { Kysely, PostgresDialect } from "kysely";
 * import { getTenantSchemaStatus } from "marketplace-jobs";
 * import pg from "pg";
 *
 * const db = new Kysely<unknown>({
 *   dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) }),
 * });
 * const behind = (await getTenantSchemaStatus(db)).filter(({ pending }) => pending.length > 0);
 * console.log(`${behind.length} schemas are behind`);
 * await db.destroy();
 * ```
 */
export async function getTenantSchemaStatus(
  db: Kysely<any> | readonly NamedDatabase[],
  options: StatusOptions = {},
): Promise<TenantSchemaStatus[]> {
  const { to: _, ...shape } = fleetOptionShape;
  const subject = "getTenantSchemaStatus options";
  const settings = fleetSettings(parseInput(z.strictObject(shape), options, { code: "INVALID_OPTIONS", subject }), {
    migrations,
  });
  const sharedSet = parseMigrationSet(sharedMigrations, "sharedMigrations");
  const surveys = await surveyDatabases(parseDatabases(db, "getTenantSchemaStatus"), settings);
  return surveys.flatMap(({ database, shared, template, tenants }) => {
    const status = (role: TenantSchemaStatus["role"], state: SchemaState): TenantSchemaStatus => ({
      database: database.name,
      schema: state.schema,
      role,
      ...compare(state, role === "shared" ? sharedSet : settings.set),
    });
    const present = tenants.filter(({ isGone }) => isGone !== true);
    return [
      ...(shared === undefined ? [] : [status("shared", shared)]),
      ...(template === undefined ? [] : [status("template", template)]),
      ...present.map((state) => status("tenant", state)),
    ];
  });
}

function compare(
  { recorded, failure }: SchemaState,
  set: MigrationSet,
): Pick<TenantSchemaStatus, "applied" | "pending" | "unknown" | "error"> {
  if (failure !== undefined) return { applied: [], pending: [], unknown: [], error: failure };
  const has = new Set(recorded);
  return {
    applied: set.names.filter((name) => has.has(name)),
    pending: set.names.filter((name) => !has.has(name)),
    unknown: recorded.filter((name) => !set.byName.has(name)),
  };
}
