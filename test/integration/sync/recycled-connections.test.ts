import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { describe, expect } from "vitest";
import { plainSqlMigration } from "../../../migrations/index.js";
import { CONNECTION_USES, DatabaseConnection } from "../../../src/cli/connection/database-connection.js";
import { syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createSchemas, fleet, hostPool } from "./fleet.js";

/** Notes which server process migrated the tenant. */
const telling = {
  "0001_telling": plainSqlMigration({ up: () => "insert into public.processes values (pg_backend_pid());" }),
};

async function processes(db: Kysely<any>): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`select pid from public.processes`.execute(db);
  return rows.map(({ pid }) => pid);
}

describe("the connections of a run over many tenants", () => {
  test("are given back after each migration, so that a pool with maxUses replaces them", async ({ db, database }) => {
    await createSchemas(
      db,
      Array.from({ length: 20 }, (_, index) => `user_${index}`),
    );
    await sql`create table public.processes (pid integer not null)`.execute(db);
    const recycling = new Kysely<any>({
      dialect: new PostgresDialect({ pool: hostPool({ connectionString: database.url, max: 2, maxUses: 5 }) }),
    });
    try {
      const report = await syncTenantSchemas(recycling, { ...fleet(telling), concurrency: 2 });
      expect(report.summary).toMatchObject({ migrated: 20, retries: 0 });
    } finally {
      await recycling.destroy();
    }
    const uses = Map.groupBy(await processes(db), (pid) => pid);
    expect([...uses.values()].every((used) => used.length <= 5)).toBe(true);
    expect(uses.size).toBeGreaterThanOrEqual(4);
  });

  test("are replaced by the command line's own pool", async ({ database }) => {
    const connection = await DatabaseConnection.open({
      target: { config: { connectionString: database.url }, source: "--database-url" },
      driver: pg,
      poolSize: 1,
      onIdleError: () => {},
    });
    try {
      const pids = new Set<number>();
      for (let use = 0; use <= CONNECTION_USES; use += 1) {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(connection.db);
        pids.add(rows[0]?.pid ?? 0);
      }
      expect(pids.size).toBe(2);
    } finally {
      await connection.close();
    }
  });
});
