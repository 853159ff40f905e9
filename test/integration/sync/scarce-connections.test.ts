import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { describe, expect } from "vitest";
import { syncTenantSchemas } from "../../../src/index.js";
import { createServerGate } from "../../../src/sync/server-gate.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createSchemas, fleet, hostKysely, notesMigrations } from "./fleet.js";

describe("a server that has no connection left", () => {
  test("is waited for as long as it answers those who have one", async ({ database, db }) => {
    const role = `${database.name}_narrow`;
    await sql`create role ${sql.id(role)} login password 'narrow' connection limit 1`.execute(db);
    const url = new URL(database.url);
    [url.username, url.password] = [role, "narrow"];
    const narrow = hostKysely({ connectionString: url.href });
    const holder = await narrow.startTransaction().execute();
    const warnings: string[] = [];
    const gate = createServerGate({
      database: { name: "default", db: narrow },
      emit: (event) => void (event.type === "warning" && warnings.push(event.message)),
      pulled: new AbortController().signal,
      timeoutMs: 400,
    });
    try {
      const answering = setInterval(() => gate.answered(), 50);
      const waiting = gate.waitUntilReachable();
      const first = await Promise.race([waiting, sleep(1_500, "still waiting")]);
      clearInterval(answering);
      expect({ first, reason: gate.reason }).toEqual({ first: "still waiting", reason: undefined });
      expect(await waiting, "and no longer than that").toBe(false);
      expect(warnings).toHaveLength(1);
    } finally {
      await holder.rollback().execute();
      await narrow.destroy();
      await sql`drop role ${sql.id(role)}`.execute(db);
    }
  });

  test("has a sync go on with those that it has, to the end", async ({ database, db }) => {
    const role = `${database.name}_narrow`;
    const names = Array.from({ length: 40 }, (_, index) => `user_${index}`);
    await createSchemas(db, names);
    await sql`create role ${sql.id(role)} login password 'narrow' connection limit 2`.execute(db);
    for (const name of names) await sql`alter schema ${sql.id(name)} owner to ${sql.id(role)}`.execute(db);
    const url = new URL(database.url);
    [url.username, url.password] = [role, "narrow"];
    const narrow = hostKysely({ connectionString: url.href });
    try {
      const report = await syncTenantSchemas(narrow, { ...fleet(notesMigrations), concurrency: 4 });
      expect(report.summary).toMatchObject({ migrated: 40, failed: 0, skipped: 0 });
    } finally {
      await narrow.destroy();
      await sql`drop owned by ${sql.id(role)} cascade`.execute(db);
      await sql`drop role ${sql.id(role)}`.execute(db);
    }
  });
});
