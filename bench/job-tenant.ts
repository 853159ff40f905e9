import { Kysely, PostgresDialect } from "kysely";
import type pg from "pg";
import { migrations, sharedMigrations } from "../migrations/index.js";
import { forTenant } from "../src/repositories/for-tenant.js";
import { createDatabase, type OwnDatabase } from "./own-database.js";
import { quietPool } from "./quiet-pool.js";

/** A database of its own with one migrated tenant, `user_1`. */
export interface JobTenant {
  readonly name: string;
  readonly url: string;
  readonly pool: pg.Pool;
  readonly db: Kysely<unknown>;
  readonly repositories: ReturnType<typeof forTenant>;
  /** Ends the connections and leaves the database, as a template can be copied only then. */
  disconnect(): Promise<void>;
  drop(): Promise<void>;
}

export async function createJobTenant(serverUrl: string, connections: number): Promise<JobTenant> {
  const database = await createDatabase(serverUrl);
  const tenant = openJobTenant(database, connections);
  for (const { script } of Object.values(sharedMigrations)) await tenant.pool.query(script.up("public"));
  await tenant.pool.query("create schema user_1");
  for (const { script } of Object.values(migrations)) await tenant.pool.query(script.up("user_1"));
  return tenant;
}

/** A tenant in a database that has one. */
export function openJobTenant({ name, url, drop }: OwnDatabase, connections: number): JobTenant {
  const pool = quietPool(url, connections);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  return {
    name,
    url,
    pool,
    db,
    repositories: forTenant(db, "user_1"),
    disconnect: () => db.destroy(),
    async drop() {
      if (!pool.ended) await db.destroy();
      await drop();
    },
  };
}
