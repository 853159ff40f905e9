import type { Kysely } from "kysely";
import { failureOf } from "../sync/failure.js";
import type { SchemaState } from "../sync/schema-state.js";
import type { DatabaseSurvey } from "../sync/survey.js";
import type { TenantSyncFailure } from "../sync/sync-report.js";
import { readCatalog } from "../tenancy/schema-catalog.js";
import { readSqlError } from "../tenancy/sql-error.js";
import { type ComparedStructure, compareStructures } from "./compare-structures.js";
import { type ManifestPart, migrationNames } from "./manifest.js";
import { readMisfiledActionTypes } from "./misfiled-action-types.js";

export type VerifiedRole = "shared" | "template" | "tenant";

/** One schema of the survey beside the canonical structure. */
export interface VerifiedSchema {
  readonly schema: string;
  readonly role: VerifiedRole;
  /** The last of our migrations that its ledger records. */
  readonly migration: string | null;
  readonly pending: readonly string[];
  /** Its ledger or the catalog could not be read. */
  readonly failure?: TenantSyncFailure | undefined;
  /** Undefined when the schema vanished, or could not be read. */
  readonly found?: ComparedStructure | undefined;
  readonly notices: readonly string[];
}

/** Verifies the schemas of one database: the shared one, the template, the tenants. */
export async function verifyDatabase(
  { database: { db }, shared, template, tenants }: DatabaseSurvey,
  signal: AbortSignal | undefined,
): Promise<VerifiedSchema[]> {
  const ofShared = await verifyPart(db, "shared", shared === undefined ? [] : [shared], signal);
  const ofTenants = await verifyPart(db, "tenant", [...(template === undefined ? [] : [template]), ...tenants], signal);
  const verified: VerifiedSchema[] = [];
  for (const found of ofShared) {
    const notices = [...found.notices, ...(await readMisfiledActionTypes(db, found))];
    verified.push({ ...found, role: "shared", notices });
  }
  for (const found of ofTenants) {
    verified.push({ ...found, role: found.schema === template?.schema ? "template" : "tenant" });
  }
  return verified;
}

/** Verifies schemas of one kind, in the order given. */
async function verifyPart(
  db: Kysely<any>,
  part: ManifestPart,
  states: readonly SchemaState[],
  signal: AbortSignal | undefined,
): Promise<Omit<VerifiedSchema, "role">[]> {
  signal?.throwIfAborted();
  const gone = await goneAmong(db, states);
  const readable = states.filter((state) => state.failure === undefined);
  const { compared, locked, failure: ofAll } = await compareUnlessForbidden(db, part, readable, signal);
  const names = migrationNames(part);
  return states.map(({ schema, recorded, failure = ofAll ?? locked.get(schema) }) => {
    const found = compared.get(schema);
    return {
      schema,
      migration: names.findLast((name) => recorded.includes(name)) ?? null,
      pending: names.filter((name) => !recorded.includes(name)),
      failure: gone.has(schema) ? undefined : failure,
      found,
      notices: found?.comparison.notices ?? [],
    };
  });
}

interface Comparisons {
  readonly compared: ReadonlyMap<string, ComparedStructure>;
  /** Those whose tables somebody kept locked. */
  readonly locked: ReadonlyMap<string, TenantSyncFailure>;
  readonly failure?: TenantSyncFailure;
}

/** A catalog that may not be read makes every schema unreadable, and none of them canonical. */
async function compareUnlessForbidden(
  db: Kysely<any>,
  part: ManifestPart,
  readable: readonly SchemaState[],
  signal: AbortSignal | undefined,
): Promise<Comparisons> {
  const locked = new Map<string, TenantSyncFailure>();
  const onLocked = (schema: string, error: unknown): void => {
    locked.set(schema, { ...failureOf(error), hint: "Somebody keeps its tables locked. Verify it again later." });
  };
  try {
    return { compared: await compareStructures(db, part, readable, onLocked, signal), locked };
  } catch (error) {
    if (readSqlError(error).sqlState !== "42501") throw error;
    const hint = "The role needs SELECT on the tables of pg_catalog, which PostgreSQL grants to everybody.";
    return { compared: new Map(), locked, failure: { ...failureOf(error), hint } };
  }
}

/** Whose ledger could not be read because the schema is no longer there. */
async function goneAmong(db: Kysely<any>, states: readonly SchemaState[]): Promise<ReadonlySet<string>> {
  const failed = states.filter(({ failure }) => failure !== undefined).map(({ schema }) => schema);
  if (failed.length === 0) return new Set();
  const present = new Set((await readCatalog(db, failed)).map(({ schema }) => schema));
  return new Set(failed.filter((schema) => !present.has(schema)));
}
