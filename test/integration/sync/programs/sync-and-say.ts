/** A host's migration script, to be killed: syncs the database of DATABASE_URL and says each migration that is done. */
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { syncTenantSchemas } from "../../../../src/index.js";

const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 8 });
const db = new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
await syncTenantSchemas(db, {
  onEvent: (event) => {
    if (event.type === "tenant-started") process.stdout.write("started\n");
  },
});
await db.destroy();
