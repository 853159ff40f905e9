import { type Kysely, sql } from "kysely";
import { migrations, type PlainSqlMigration } from "../../../migrations/index.js";

/** The names in order; a tenant's level is the last that it has. */
export const LEVELS: readonly string[] = Object.keys(migrations);
export const NEWEST = LEVELS.at(-1) as string;

interface RunOptions {
  /** Settings for this transaction alone, as sync sends them along. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

export function migrationNamed(name: string): PlainSqlMigration {
  const migration = migrations[name];
  if (migration === undefined) throw new RangeError(`No migration is called ${name}.`);
  return migration;
}

/** Runs one migration in one transaction, as one message: the way in which a sync does it. */
export async function runUp(db: Kysely<any>, schema: string, name: string, options: RunOptions = {}): Promise<void> {
  await runScript(db, migrationNamed(name).script.up(schema), options);
}

export async function runDown(db: Kysely<any>, schema: string, name: string, options: RunOptions = {}): Promise<void> {
  const { down } = migrationNamed(name).script;
  if (down === undefined) throw new RangeError(`${name} has no way back.`);
  await runScript(db, down(schema), options);
}

/** Every migration after `from` up to and with `to`, each in its own transaction. */
export async function migrateUp(
  db: Kysely<any>,
  schema: string,
  range: { readonly from?: string; readonly to?: string } = {},
): Promise<void> {
  const first = range.from === undefined ? 0 : LEVELS.indexOf(range.from) + 1;
  const last = LEVELS.indexOf(range.to ?? NEWEST);
  for (const name of LEVELS.slice(first, last + 1)) await runUp(db, schema, name);
}

export async function createSchema(db: Kysely<any>, schema: string): Promise<void> {
  await sql`create schema ${sql.id(schema)}`.execute(db);
}

async function runScript(db: Kysely<any>, script: string, { settings = {} }: RunOptions): Promise<void> {
  const set = Object.entries(settings).map(([name, value]) => `set local ${name} = '${value.replaceAll("'", "''")}';`);
  const message = ["begin isolation level read committed;", ...set, script, "commit;"].join("\n");
  const send = async (connection: Kysely<any>): Promise<void> => {
    try {
      await sql.raw(message).execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  };
  await db.connection().execute(send);
}
