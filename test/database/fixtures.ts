import { Kysely, PostgresDialect } from "kysely";
import type pg from "pg";
import { test as base, inject } from "vitest";
import { type TenantSchemaName, tenantSchemaName } from "../../src/tenancy/tenant-schema-name.js";
import { StatementCounter } from "./statement-counter.js";
import { TestDatabases } from "./test-database.js";
import { openWatchedPool } from "./watched-pool.js";

const serverTest = base.extend("databases", { scope: "worker" }, async ({}, { onCleanup }) => {
  const databases = new TestDatabases(inject("testServer"));
  onCleanup(() => databases.end());
  return databases;
});

/**
 * Every test has a database of its own: for tests of the shared schema, the template or several tenants.
 *
 * `database` its name and URL · `pool`, `db` a node-postgres pool and a Kysely over it · `statements` counts what they
 * send · `schema` a tenant schema name that nobody else uses; the schema itself is not created.
 */
export const databaseTest = serverTest
  .extend("database", async ({ databases }, { onCleanup }) => {
    const database = await databases.create();
    onCleanup(() => databases.drop(database));
    return database;
  })
  .extend("statements", () => new StatementCounter())
  .extend("pool", ({ database, statements }, { onCleanup }) => {
    const { pool, end } = openWatchedPool(database.url, statements);
    onCleanup(end);
    return pool;
  })
  .extend("db", ({ pool }) => kyselyOver(pool))
  .extend("schema", () => nextSchema());

/**
 * All tests of a file share one database, each with a `schema` of its own: for tests inside one tenant. The fixtures
 * are those of {@link databaseTest}; count with `statements.during`, since the counter is shared as well.
 */
export const schemaTest = serverTest
  .extend("database", { scope: "file" }, async ({ databases }, { onCleanup }) => {
    const database = await databases.create();
    onCleanup(() => databases.drop(database));
    return database;
  })
  .extend("statements", { scope: "file" }, () => new StatementCounter())
  .extend("pool", { scope: "file" }, ({ database, statements }, { onCleanup }) => {
    const { pool, end } = openWatchedPool(database.url, statements);
    onCleanup(end);
    return pool;
  })
  .extend("db", { scope: "file" }, ({ pool }) => kyselyOver(pool))
  .extend("schema", () => nextSchema());

function kyselyOver(pool: pg.Pool): Kysely<any> {
  return new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
}

let schemas = 0;

/** Unique in the process, hence in every database: a database belongs to one test file, and that to one process. */
function nextSchema(): TenantSchemaName {
  schemas += 1;
  return tenantSchemaName.parse(`user_${schemas}`);
}
