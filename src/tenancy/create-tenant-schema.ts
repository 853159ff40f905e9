import { type Kysely, sql } from "kysely";
import * as z from "zod";
import { migrations as ours } from "../../migrations/index.js";
import type { Migration } from "../../migrations/migration.js";
import { quoteIdentifier } from "../../migrations/quoting.js";
import { parseInput } from "../errors/parse-input.js";
import { TenantSchemaExistsError } from "../errors/tenant-schema-exists-error.js";
import { CANONICAL_UP_TO, canonicalTenantScript } from "./canonical-tenant-script.js";
import { parseKysely } from "./kysely-instance.js";
import { createLedger, recordMigration, recordMigrations } from "./ledger.js";
import { type MigrationSet, parseMigrationSet } from "./migration-set.js";
import { scriptAsOneStatement } from "./run-statements.js";
import { readSqlError } from "./sql-error.js";
import { lockTenant } from "./tenant-lock.js";
import { parseTenantSchemaName, type TenantSchemaName } from "./tenant-schema-name.js";

export interface CreateTenantSchemaOptions {
  /** The migrations that the new schema has in the end; default: ours. A host passes `{ ...migrations, ...its own }`. */
  readonly migrations?: Readonly<Record<string, Migration>> | undefined;
}

export interface CreatedTenantSchema {
  readonly schema: TenantSchemaName;
  /** What its ledger records, in order. */
  readonly applied: readonly string[];
}

/** One part of the work: SQL that can go together with its neighbours, or a function that runs by itself. */
type Part = { readonly sql: string } | { readonly run: (db: Kysely<any>) => Promise<void> };

/**
 * Creates the schema of a new tenant, with all its tables and the record of its migrations, in one transaction: the
 * caller's when `db` is one, else its own. With plain SQL migrations that is one statement and one round trip. Safe
 * beside a running sync, which sees the schema complete or not at all. Locks nothing but the tenant's own lock.
 *
 * Syncs find a tenant by its name: by default `user_` and a number. One that is called otherwise is passed over by every
 * later run, unless their `tenants` name it.
 *
 * Our tables are created as they are after all migrations, not by replaying these; the result is the same.
 *
 * @throws {TenantSchemaExistsError} `TENANT_SCHEMA_EXISTS`
 * @throws `INVALID_TENANT_SCHEMA`, `INVALID_OPTIONS`, `INVALID_MIGRATIONS` before any SQL
 *
 * @example
 * ```ts
 * import { Kysely, PostgresDialect } from "kysely";
 * import { createTenantSchema } from "marketplace-jobs";
 * import pg from "pg";
 *
 * const db = new Kysely<unknown>({
 *   dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) }),
 * });
 * const { applied } = await createTenantSchema(db, "user_42");
 * console.log(`user_42 has ${applied.length} migrations`);
 * await db.destroy();
 * ```
 */
export async function createTenantSchema(
  db: Kysely<any>,
  schema: string,
  options: CreateTenantSchemaOptions = {},
): Promise<CreatedTenantSchema> {
  const host = parseKysely(db, "createTenantSchema");
  const name = parseTenantSchemaName(schema);
  const given = parseInput(z.strictObject({ migrations: z.unknown().optional() }), options, {
    code: "INVALID_OPTIONS",
    subject: "createTenantSchema options",
  });
  const set = parseMigrationSet(given.migrations ?? ours, "migrations");
  const parts = [
    { sql: [lockTenant(name), `create schema ${quoteIdentifier(name)};`, createLedger(name)].join("\n") },
    ...partsOf(name, set),
  ];
  try {
    await runParts(host, parts);
  } catch (error) {
    if (readSqlError(error).sqlState !== "42P06") throw error;
    // The context that the server tells is the whole script: hundreds of lines that would hide the hint.
    delete (error as { where?: unknown }).where;
    throw new TenantSchemaExistsError({
      code: "TENANT_SCHEMA_EXISTS",
      message: `The schema ${quoteIdentifier(name)} exists already.`,
      hint: "To bring a schema that exists to the newest migration, pass it to syncTenantSchemas: { tenants: [name] }.",
      tenant: name,
      cause: error,
    });
  }
  return { schema: name, applied: set.names };
}

function partsOf(schema: string, set: MigrationSet): Part[] {
  const snapshot = Object.keys(ours).filter((name) => name <= CANONICAL_UP_TO);
  const hasSnapshot = snapshot.every((name, index) => set.names[index] === name && set.byName.get(name) === ours[name]);
  const replayed = hasSnapshot ? set.names.slice(snapshot.length) : set.names;
  return [
    ...(hasSnapshot ? [{ sql: canonicalTenantScript(schema) }, { sql: recordMigrations(schema, snapshot) }] : []),
    ...replayed.flatMap((name): Part[] => {
      const migration = set.byName.get(name);
      if (migration === undefined) return [];
      const script = migration.script?.up(schema);
      const run = async (db: Kysely<any>): Promise<void> => await migration.up(db.withSchema(schema));
      return [script === undefined ? { run } : { sql: `${script}\n;` }, { sql: recordMigration(schema, name) }];
    }),
  ];
}

/** As one statement where all of it is SQL: that is a transaction by itself, with any driver and inside any other. */
async function runParts(db: Kysely<any>, parts: readonly Part[]): Promise<void> {
  const chunks: Part[] = [];
  for (const part of parts) {
    const last = chunks.at(-1);
    if ("sql" in part && last !== undefined && "sql" in last) {
      chunks[chunks.length - 1] = { sql: `${last.sql}\n${part.sql}` };
    } else chunks.push(part);
  }
  const run = async (trx: Kysely<any>): Promise<void> => {
    for (const chunk of chunks) {
      if ("sql" in chunk) await sql.raw(scriptAsOneStatement(chunk.sql)).execute(trx);
      else await chunk.run(trx);
    }
  };
  if (db.isTransaction || chunks.length === 1) await run(db);
  else await db.transaction().execute(run);
}
