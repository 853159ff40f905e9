import { randomBytes } from "node:crypto";
import { Kysely, PostgresDialect } from "kysely";
import type pg from "pg";
import { migrations, sharedMigrations } from "../migrations/index.js";
import { forTenant } from "../src/repositories/for-tenant.js";
import { quietPool } from "./quiet-pool.js";

/** A database of its own with one migrated tenant, `user_1`. */
export interface JobTenant {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly db: Kysely<unknown>;
  readonly repositories: ReturnType<typeof forTenant>;
  drop(): Promise<void>;
}

export async function createJobTenant(serverUrl: string, connections: number): Promise<JobTenant> {
  const server = quietPool(serverUrl, 1);
  const name = `bench_${randomBytes(5).toString("hex")}`;
  await server.query(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const pool = quietPool(url.href, connections);
  for (const { script } of Object.values(sharedMigrations)) await pool.query(script.up("public"));
  await pool.query("create schema user_1");
  for (const { script } of Object.values(migrations)) await pool.query(script.up("user_1"));
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  return {
    url: url.href,
    pool,
    db,
    repositories: forTenant(db, "user_1"),
    async drop() {
      await db.destroy();
      await server.query(`drop database ${name} with (force)`);
      await server.end();
    },
  };
}
