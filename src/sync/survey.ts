import { UnknownTenantSchemaError } from "../errors/unknown-tenant-schema-error.js";
import { ledgerReaders, type LedgerReading, readLedgers } from "../tenancy/read-ledgers.js";
import { type CatalogSchema, readCatalog } from "../tenancy/schema-catalog.js";
import { selectTenants } from "../tenancy/select-tenants.js";
import { failureOf, noUsagePrivilege } from "./failure.js";
import type { ServerLimits } from "../tenancy/server-limits.js";
import type { SchemaState } from "./schema-state.js";
import type { NamedDatabase } from "./sync-databases.js";
import { readSqlError } from "../tenancy/sql-error.js";
import { DEFAULT_CONCURRENCY, DEFAULT_LOCK_TIMEOUT_MS } from "./sync-defaults.js";
import type { FleetSettings } from "./sync-options.js";
import { namingUnreachable } from "./unreachable-database.js";
import { waitForAll } from "../tenancy/wait-for-all.js";

/** The state of one database: one look at its catalog and at all its ledgers. */
export interface DatabaseSurvey {
  readonly database: NamedDatabase;
  readonly shared: SchemaState | undefined;
  readonly template: SchemaState | undefined;
  readonly tenants: readonly SchemaState[];
  /** Listed names that this database does not have. */
  readonly missing: readonly string[];
}

/** Surveys all databases and refuses names that none of them has. */
export async function surveyDatabases(
  databases: readonly NamedDatabase[],
  settings: FleetSettings,
): Promise<readonly DatabaseSurvey[]> {
  const surveys = await waitForAll(
    databases.map((database) => namingUnreachable(database, () => surveyDatabase(database, settings))),
  );
  assertSchemasExist(surveys, settings);
  return surveys;
}

/** Which of the schemas that the caller named one database has. */
interface FoundSchemas {
  readonly missing: readonly string[];
  readonly shared: unknown;
  readonly template: unknown;
}

/** Refuses names that the caller gave and no database has. */
export function assertSchemasExist(surveys: readonly FoundSchemas[], settings: FleetSettings): void {
  const nowhere = new Set(surveys[0]?.missing.filter((name) => surveys.every(({ missing }) => missing.includes(name))));
  for (const survey of surveys) {
    const { sharedSchema, template, isTemplateRequired } = settings;
    if (sharedSchema !== false && survey.shared === undefined) nowhere.add(sharedSchema);
    if (template !== false && isTemplateRequired && survey.template === undefined) nowhere.add(template);
  }
  if (nowhere.size === 0) return;
  const listed = [...nowhere].map((name) => JSON.stringify(name)).join(", ");
  throw new UnknownTenantSchemaError({
    code: "UNKNOWN_TENANT_SCHEMA",
    message: `There is no schema ${listed}.`,
    hint: "Schema names are compared exactly, upper and lower case included. Create the schema, or leave it out.",
    details: { schemas: [...nowhere] },
  });
}

interface SurveyOptions {
  /** Tenants that are not looked at again, nor are the reserved schemas then. */
  readonly known?: ReadonlySet<string>;
  /** Hears what the catalog tells while the ledgers are being read: for what need not wait for these. */
  readonly onFound?: (found: FoundTenants) => void;
}

/** What is known of a database's tenants before their ledgers are read. */
export interface FoundTenants {
  readonly tenants: number;
  /** How many connections their ledgers are being read over. */
  readonly readers: number;
  /** What the server has room for. */
  readonly limits: ServerLimits | undefined;
}

/** Finds the schemas of one database and reads their ledgers. */
export async function surveyDatabase(
  database: NamedDatabase,
  settings: FleetSettings,
  { known = new Set(), onFound }: SurveyOptions = {},
): Promise<DatabaseSurvey> {
  const { sharedSchema, template } = settings;
  const reserved = [sharedSchema, template].filter((name) => name !== false);
  const withLimits = onFound !== undefined;
  const selected = await selectTenants(database.db, { tenants: settings.tenants, reserved, withLimits });
  const tenants = selected.tenants.filter(({ schema }) => !known.has(schema));
  const looked = known.size > 0 ? tenants : [...selected.reserved.values(), ...tenants];
  const reading = readStates(database, looked);
  onFound?.({
    tenants: tenants.length,
    readers: ledgerReaders(looked.filter(hasReadableLedger).length, DEFAULT_CONCURRENCY),
    limits: selected.limits,
  });
  const states = await reading;
  return {
    database,
    shared: sharedSchema === false ? undefined : states.get(sharedSchema),
    template: template === false ? undefined : states.get(template),
    tenants: tenants.flatMap(({ schema }) => states.get(schema) ?? []),
    missing: selected.missing,
  };
}

/** Looks at one schema again; `undefined` when it is gone. */
export async function surveySchema(database: NamedDatabase, schema: string): Promise<SchemaState | undefined> {
  const state = (await readStates(database, await readCatalog(database.db, [schema]))).get(schema);
  return state?.isGone === true ? undefined : state;
}

async function readStates({ db }: NamedDatabase, schemas: readonly CatalogSchema[]): Promise<Map<string, SchemaState>> {
  const readings = await readLedgers(db, {
    schemas: schemas.filter(hasReadableLedger).map(({ schema }) => schema),
    lockTableSize: schemas[0]?.lockTableSize ?? 0,
    concurrency: DEFAULT_CONCURRENCY,
    lockTimeoutMs: DEFAULT_LOCK_TIMEOUT_MS,
  });
  const lost = [...readings].filter(([, reading]) => hasLostLedger(reading)).map(([schema]) => schema);
  // Dropped since the catalog was read, by whoever had it locked for instance: gone, or there without a ledger.
  const present = new Map((lost.length === 0 ? [] : await readCatalog(db, lost)).map((found) => [found.schema, found]));
  const isGone = new Set(lost.filter((schema) => !present.has(schema)));
  return new Map(
    schemas.map((found) => {
      const { schema } = found;
      const state = stateOf(present.get(schema) ?? found, readings.get(schema));
      return [schema, isGone.has(schema) ? { ...state, isGone: true } : state];
    }),
  );
}

function hasReadableLedger({ isUsable, hasLedger }: CatalogSchema): boolean {
  return isUsable && hasLedger;
}

function hasLostLedger(reading: LedgerReading): boolean {
  if ("names" in reading) return false;
  const { sqlState } = readSqlError(reading.error);
  return sqlState === "42P01" || sqlState === "3F000";
}

function stateOf({ schema, isUsable, hasLedger }: CatalogSchema, reading: LedgerReading | undefined): SchemaState {
  if (!isUsable) return { schema, hasLedger, recorded: [], failure: noUsagePrivilege(schema) };
  if (!hasLedger || reading === undefined) return { schema, hasLedger: false, recorded: [] };
  if ("names" in reading) return { schema, hasLedger: true, recorded: reading.names };
  return { schema, hasLedger: true, recorded: [], failure: failureOf(reading.error), error: reading.error };
}
