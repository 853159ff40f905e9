import { sql } from "kysely";
import { describe, expect } from "vitest";
import { databaseTest, schemaTest } from "../../database/fixtures.js";
import { StatementCounter } from "../../database/statement-counter.js";
import { openWatchedPool } from "../../database/watched-pool.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";

describe("a database of one test", () => {
  databaseTest("is empty at first", async ({ db }) => {
    const { rows } = await sql`select relname from pg_class where relnamespace = 'public'::regnamespace`.execute(db);
    expect(rows).toEqual([]);
    await sql`create table public.left_behind ()`.execute(db);
  });

  databaseTest("sees nothing of another test's", async ({ db }) => {
    const { rows } = await sql`select to_regclass('public.left_behind') as found`.execute(db);
    expect(rows).toEqual([{ found: null }]);
  });

  databaseTest("writes to disk before it answers, as a host's server does", async ({ db }) => {
    const { rows } = await sql`
      select name, setting from pg_settings where name in ('fsync', 'synchronous_commit') order by name`.execute(db);
    expect(rows).toEqual([
      { name: "fsync", setting: "on" },
      { name: "synchronous_commit", setting: "on" },
    ]);
  });
});

describe("a schema of one test", () => {
  const seen = new Set<string>();
  for (const turn of ["the first", "the second"]) {
    schemaTest(`is nobody else's (${turn})`, async ({ db, schema }) => {
      expect(seen).not.toContain(schema);
      seen.add(schema);
      await sql`create schema ${sql.id(schema)}`.execute(db);
    });
  }
});

describe("the statement counter", () => {
  databaseTest("counts a message of several statements as one round trip", async ({ db, statements }) => {
    const count = await statements.during(() => sql.raw("select 1; select 2; select 3").execute(db));
    expect(count).toMatchObject({ roundTrips: 1, statements: 3, texts: ["select 1; select 2; select 3"] });
  });

  databaseTest("counts what a transaction adds", async ({ db, statements }) => {
    const count = await statements.during(() =>
      db.transaction().execute((transaction) => sql`select ${1}::int`.execute(transaction)),
    );
    expect(count).toMatchObject({ roundTrips: 3, statements: 3, texts: ["begin", "select $1::int", "commit"] });
  });

  databaseTest("counts a statement that fails", async ({ db, statements }) => {
    const count = await statements.during(() => expect(sql`select 1 / 0`.execute(db)).rejects.toThrow("division"));
    expect(count).toMatchObject({ roundTrips: 1, statements: 1 });
  });
});

describe("a pool", () => {
  databaseTest("does not wait at its end for a connection that a test kept", async ({ database }) => {
    const { pool, end } = openWatchedPool(database.url, new StatementCounter());
    const client = await pool.connect();
    await client.query("begin");
    await expect(end()).rejects.toThrow("kept 1 connection(s)");
  });
});

describe("the legacy system", () => {
  databaseTest("loads in all five variants, under any name", async ({ db }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await loadLegacyTenant(db, "a", 'odd "$&" name', 10, { data: true });
    await loadLegacyTenant(db, "b", "user_1", 1, { data: true });
    await loadLegacyTenant(db, "c", "user_2", 2, { data: true });
    await loadLegacyTenant(db, "d", "user_3", 3);
    await loadLegacyTenant(db, "e", "user_4", 4);
    const jobs = async (schema: string): Promise<unknown> => {
      const { rows } = await sql`
        select count(*)::int as jobs, count(distinct batch_id)::int as strings
        from ${sql.id(schema, "marketplace_jobs")}`.execute(db);
      return rows[0];
    };
    expect(await jobs('odd "$&" name')).toEqual({ jobs: 331, strings: 14 });
    expect(await jobs("user_1")).toEqual({ jobs: 331, strings: 14 });
    expect(await jobs("user_2")).toEqual({ jobs: 275, strings: 12 });
  });
});
