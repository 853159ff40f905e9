import { setTimeout as wait } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { expect } from "vitest";
import { syncTenantSchemas } from "../../../../src/index.js";
import { hostKysely } from "../../sync/fleet.js";
import { type FaultKind, pick } from "../fault-kind.js";
import { strikeWhile } from "../strike-while.js";

const HOLDERS = 3;
const MODES = ["access share", "row exclusive", "access exclusive"];

/** Sessions that each hold a lock on a table of some tenant, let it go, and take another one. */
export const lockHolders: FaultKind = {
  name: "tenants found locked",
  few: 4,
  async strike({ url, db, schemas, options, random }) {
    const host = hostKysely({ connectionString: url });
    let postponed = 0;
    try {
      const run = syncTenantSchemas(host, {
        ...options,
        lockTimeoutMs: 40,
        maxAttempts: 3,
        throwOnFailure: false,
        onEvent: (event) => {
          if (event.type === "tenant-postponed" && event.error.code === "LOCK_TIMEOUT") postponed += 1;
        },
      });
      const hold = async (): Promise<number> => await holdOne(db, pick(random, schemas), random);
      const holders = Array.from({ length: HOLDERS }, () => strikeWhile(run, hold));
      const report = (await Promise.all(holders))[0]?.result;
      const failures = report?.tenants.flatMap(({ error }) => error?.code ?? []) ?? [];
      expect(failures.filter((code) => code !== "LOCK_TIMEOUT")).toEqual([]);
      return postponed + failures.length;
    } finally {
      await host.destroy();
    }
  },
};

async function holdOne(db: Kysely<any>, schema: string, random: () => number): Promise<number> {
  const { rows } = await sql<{ name: string }>`
    select quote_ident(relname) as name from pg_class
    where relnamespace = ${schema}::regnamespace and relkind = 'r' order by relname`.execute(db);
  const { name } = pick(random, rows);
  try {
    await db.transaction().execute(async (holder) => {
      await sql`lock table ${sql.raw(`${schema}.${name}`)} in ${sql.raw(pick(random, MODES))} mode`.execute(holder);
      await wait(20 + random() * 150);
    });
    return 1;
  } catch (error) {
    // The table had another name when its turn came.
    if ((error as { code?: string }).code === "42P01") return 0;
    throw error;
  }
}
