import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { type Migration, plainSqlMigration, quoteIdentifier } from "../../../migrations/index.js";
import type { SyncOptions } from "../../../src/index.js";

/** Two small migrations that are text, for tests that are about the run and not about what it brings. */
export const notesMigrations: Readonly<Record<string, Migration>> = {
  "0001_notes": plainSqlMigration({
    up: (schema) => `create table ${quoteIdentifier(schema)}.notes (id integer primary key, body text not null);`,
    down: (schema) => `drop table ${quoteIdentifier(schema)}.notes;`,
  }),
  "0002_tags": plainSqlMigration({
    up: (schema) => `create table ${quoteIdentifier(schema)}.tags (id integer primary key);`,
    down: (schema) => `drop table ${quoteIdentifier(schema)}.tags;`,
  }),
};

/** A pool as a careful host has it: a connection that dies while nobody uses it is no reason to crash. */
export function hostPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ max: 5, ...config });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

export function hostKysely(config: pg.PoolConfig): Kysely<any> {
  return new Kysely<any>({ dialect: new PostgresDialect({ pool: hostPool(config) }) });
}

/** Options for runs that leave the shared schema alone. */
export function fleet(migrations: Readonly<Record<string, Migration>>): SyncOptions {
  return { migrations, sharedSchema: false };
}

export async function createSchemas(db: Kysely<any>, names: readonly string[]): Promise<void> {
  for (const name of names) await sql`create schema ${sql.id(name)}`.execute(db);
}

/** The recorded names in the order in which they were recorded; none where there is no ledger. */
export async function ledgerOf(db: Kysely<any>, schema: string): Promise<string[]> {
  const { rows } = await sql<{ ledger: string | null }>`
    select to_regclass(${`${quoteIdentifier(schema)}.marketplace_jobs_migration`})::text as ledger`.execute(db);
  if (rows[0]?.ledger === null) return [];
  const names = await db
    .withSchema(schema)
    .selectFrom("marketplace_jobs_migration")
    .select("name")
    .orderBy("timestamp")
    .execute();
  return names.map(({ name }) => name as string);
}
