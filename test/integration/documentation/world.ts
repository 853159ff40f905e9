import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { syncTenantSchemas } from "../../../src/sync/sync-tenant-schemas.js";
import type { TestDatabase } from "../../database/test-database.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";

/**
 * The databases that blocks are run in. `empty`: nothing but `public`. `legacy`: the legacy system with a tenant of
 * each of its five shapes, `user_1` to `user_5`. `synced`: its `user_1` and `user_2`, brought to the newest migration.
 */
export type World = "empty" | "legacy" | "synced";

export interface PageSetting {
  readonly world: World;
  /** Whether all blocks of the page are run in one database, one after the other, as a reader would who follows it. */
  readonly isInOrder: boolean;
}

/** Pages that are not about tenants on the newest migration. */
const pageSettings: Readonly<Record<string, PageSetting>> = {
  "README.md": { world: "empty", isInOrder: false },
  "docs/adopting-a-legacy-database.md": { world: "legacy", isInOrder: true },
};

export function settingOf(file: string): PageSetting {
  return pageSettings[file] ?? { world: "synced", isInOrder: false };
}

/** Examples cannot make up ids: job 17 waits to be claimed, and one batch has the id that they all name. */
async function giveUser1WhatExamplesSpeakOf(db: Kysely<any>): Promise<void> {
  await sql`
    update user_1.marketplace_jobs set batch_id = 'publish_20260115_101530_a1b2c3d4'
    where batch_id = 'publish_20260112_101544_c0ffee42'
  `.execute(db);
  await sql`delete from user_1.marketplace_jobs where id = 17`.execute(db);
  await sql`
    insert into user_1.marketplace_jobs (id, marketplace, action_type_id, product_id, status, expires_at)
    values (17, 'vinted', 3, 17, 'pending', now() + interval '1 day')
  `.execute(db);
}

/** Fills a database that blocks' databases are then copied from; nobody is connected to it afterwards. */
export async function build(world: World, database: TestDatabase): Promise<void> {
  if (world === "empty") return;
  const db = new Kysely<any>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: database.url }) }),
  });
  try {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await loadLegacyTenant(db, "a", "user_1", 1, { data: true });
    await loadLegacyTenant(db, "b", "user_2", 2, { data: true });
    await giveUser1WhatExamplesSpeakOf(db);
    if (world === "synced") await syncTenantSchemas(db);
    else {
      await loadLegacyTenant(db, "c", "user_3", 3, { data: true });
      await loadLegacyTenant(db, "d", "user_4", 4);
      await loadLegacyTenant(db, "e", "user_5", 5);
    }
  } finally {
    await db.destroy();
  }
}
