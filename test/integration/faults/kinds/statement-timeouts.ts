import { sql } from "kysely";
import { expect } from "vitest";
import { syncTenantSchemas } from "../../../../src/index.js";
import { hostKysely } from "../../sync/fleet.js";
import { type FaultKind, pick } from "../fault-kind.js";

/** A limit that some migrations pass and some do not, and that those of a locked tenant never do. */
export const statementTimeouts: FaultKind = {
  name: "statement timeouts",
  few: 3,
  async strike({ url, db, schemas, options, random }) {
    const host = hostKysely({ connectionString: url });
    const victim = pick(random, schemas);
    try {
      const report = await db.transaction().execute(async (holder) => {
        const { rows } = await sql<{ name: string }>`
          select quote_ident(relname) as name from pg_class
          where relnamespace = ${victim}::regnamespace and relkind = 'r'
            -- The look at all tenants would wait for it, however long.
            and relname <> 'marketplace_jobs_migration'`.execute(holder);
        for (const { name } of rows) {
          await sql`lock table ${sql.raw(`${victim}.${name}`)} in access exclusive mode`.execute(holder);
        }
        return await syncTenantSchemas(host, {
          ...options,
          lockTimeoutMs: 60_000,
          statementTimeoutMs: 20 + Math.floor(random() * 100),
          throwOnFailure: false,
        });
      });
      const failures = report.tenants.flatMap(({ error }) => error?.code ?? []);
      // Seldom, the server calls its own time limit a cancellation.
      const expected = new Set(["STATEMENT_TIMEOUT", "STATEMENT_CANCELLED"]);
      expect(failures.filter((code) => !expected.has(code))).toEqual([]);
      return failures.length;
    } finally {
      await host.destroy();
    }
  },
};
