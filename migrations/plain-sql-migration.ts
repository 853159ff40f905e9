import type { Kysely } from "kysely";
import { sql, TableNode } from "kysely";

/**
 * A migration that is nothing but SQL: for each direction a pure function from the schema's name to a script of
 * statements separated by semicolons, without BEGIN or COMMIT.
 *
 * `syncTenantSchemas` renders the script and sends it as one message. Kysely's own Migrator calls `up` and `down`,
 * which run the same script in the schema that `db.withSchema(schema)` names.
 */
export interface PlainSqlMigration {
  readonly script: {
    readonly up: (schema: string) => string;
    readonly down?: ((schema: string) => string) | undefined;
  };
  up(db: Kysely<any>): Promise<void>;
  down?(db: Kysely<any>): Promise<void>;
}

/**
 * Makes a migration from one script per direction.
 *
 * @example
 * ```ts
 * import { plainSqlMigration, quoteIdentifier } from "marketplace-jobs/migrations";
 *
 * export const addNotes = plainSqlMigration({
 *   up: (schema) => `create table ${quoteIdentifier(schema)}.notes (id integer primary key, body text not null);`,
 *   down: (schema) => `drop table ${quoteIdentifier(schema)}.notes;`,
 * });
 * ```
 */
export function plainSqlMigration(script: PlainSqlMigration["script"]): PlainSqlMigration {
  const { up, down } = script;
  return {
    script,
    up: (db) => run(db, up),
    ...(down === undefined ? {} : { down: (db: Kysely<any>) => run(db, down) }),
  };
}

async function run(db: Kysely<any>, script: (schema: string) => string): Promise<void> {
  await sql.raw(script(schemaOf(db))).execute(db);
}

/**
 * The schema that `db.withSchema(schema)` names. A migration is given nothing but a Kysely, and `withSchema` does not
 * reach raw SQL, so the name is read off a query that it does reach.
 */
export function schemaOf(db: Kysely<any>): string {
  const from = db.selectFrom("marketplace_jobs").selectAll().toOperationNode().from?.froms[0];
  const name = from !== undefined && TableNode.is(from) ? from.table.schema?.name : undefined;
  if (name === undefined) {
    throw new Error(
      "This migration needs to know its schema: run it with db.withSchema(schema), or through syncTenantSchemas.",
    );
  }
  return name;
}
