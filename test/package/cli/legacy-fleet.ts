import { setTimeout } from "node:timers/promises";
import { type Kysely, type RawBuilder, sql } from "kysely";
import pg from "pg";
import {
  type LegacyVariant,
  loadLegacyShared,
  loadLegacyTemplate,
  loadLegacyTenant,
} from "../../legacy/legacy-system.js";

/** The legacy system with a tenant of each of these variants, `user_1` first. */
export async function loadFleet(db: Kysely<any>, variants: readonly LegacyVariant[]): Promise<void> {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  for (const [index, variant] of variants.entries()) {
    await loadLegacyTenant(db, variant, `user_${index + 1}`, index + 1, { data: variant < "d" });
  }
}

/** A session that keeps a tenant's table locked until it is released, as a report or a forgotten transaction does. */
export async function holdLock(
  url: string,
  schema: string,
  table = "marketplace_jobs",
  mode = "access share",
): Promise<{ release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url, application_name: "nightly-report" });
  await client.connect();
  await client.query("begin");
  const name = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
  await client.query(`lock table ${name} in ${mode} mode`);
  let isHeld = true;
  return {
    async release() {
      if (!isHeld) return;
      isHeld = false;
      await client.end();
    },
  };
}

/** The migrations that the tenant's ledger records; none when it has no ledger. */
export async function recordedIn(db: Kysely<any>, schema: string): Promise<string[]> {
  const table = sql.table(`${schema}.marketplace_jobs_migration`);
  const { rows } = await sql<{ name: string }>`select name from ${table} order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/** Asks the server until it says yes. */
export async function waitUntil(db: Kysely<any>, condition: RawBuilder<boolean>): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ holds: boolean }>`select ${condition} as holds`.execute(db);
    if (rows[0]?.holds === true) return;
    await setTimeout(20);
  }
}
