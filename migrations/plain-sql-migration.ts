import type { Kysely } from "kysely";
import { createQueryId, SelectQueryNode, sql, TableNode } from "kysely";

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
 * reach raw SQL, so the name is read off a query that it does reach; by each plugin alone, because a later one that
 * rewrites identifiers (`CamelCasePlugin`) would name another schema.
 */
export function schemaOf(db: Kysely<any>): string {
  const node = db.withoutPlugins().selectFrom("marketplace_jobs").selectAll().toOperationNode();
  for (const plugin of db.getExecutor().plugins) {
    const transformed = plugin.transformQuery({ node, queryId: createQueryId() });
    const from = SelectQueryNode.is(transformed) ? transformed.from?.froms[0] : undefined;
    const name = from !== undefined && TableNode.is(from) ? from.table.schema?.name : undefined;
    if (name !== undefined) return name;
  }
  throw new Error(
    "This migration needs to know its schema: run it with db.withSchema(schema), or through syncTenantSchemas.",
  );
}
