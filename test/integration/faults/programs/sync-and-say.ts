/**
 * A host's migration script, to be killed: syncs the database of DATABASE_URL, to the migration that TO names, and says
 * when it begins with a tenant.
 */
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { syncTenantSchemas } from "../../../../src/index.js";
import { countedMigrations } from "../counted-migrations.js";

const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 8 });
const db = new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
await syncTenantSchemas(db, {
  migrations: countedMigrations,
  to: process.env["TO"],
  onEvent: (event) => {
    if (event.type === "tenant-started") process.stdout.write("started\n");
  },
});
await db.destroy();
