import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { databaseTest as test } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { LEVELS, migrateUp, migrationNamed } from "./run-migrations.js";

/** From the weakest to the strongest. */
const MODES = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

/** The strongest lock that the script holds at its end on each table and sequence, as `schema.relation`. */
async function locksOf(db: Kysely<any>, script: string): Promise<ReadonlyMap<string, string>> {
  return await db.transaction().execute(async (transaction) => {
    await sql.raw(script).execute(transaction);
    const { rows } = await sql<{ relation: string; mode: string }>`
      select namespace.nspname || '.' || relation.relname as relation, lock.mode
      from pg_locks as lock
      join pg_class as relation on relation.oid = lock.relation and relation.relkind in ('r', 'S')
      join pg_namespace as namespace on namespace.oid = relation.relnamespace
      where lock.pid = pg_backend_pid() and lock.locktype = 'relation' and namespace.nspname not in ('pg_catalog', 'pg_toast')
      order by 1`.execute(transaction);
    const strongest = new Map<string, string>();
    for (const { relation, mode } of rows) {
      if (MODES.indexOf(mode) > MODES.indexOf(strongest.get(relation) ?? "")) strongest.set(relation, mode);
    }
    return strongest;
  });
}

async function loadTenant(db: Kysely<any>): Promise<void> {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  await loadLegacyTenant(db, "b", "user_1", 1, { data: true });
}

describe("a migration locks", () => {
  test("nothing outside its schema but the sequence that it stops drawing from, and the action types to read", async ({
    db,
  }) => {
    await loadTenant(db);
    const outside: Record<string, string[]> = {};
    for (const level of LEVELS) {
      const locks = await locksOf(db, migrationNamed(level).script.up("user_1"));
      outside[level] = [...locks].filter(([name]) => !name.startsWith("user_1.")).map((lock) => lock.join(" "));
    }
    expect(outside).toEqual({
      "0001_batch_jobs": [],
      "0002_marketplace_jobs": ["template_tenant.vinted_jobs_id_seq RowExclusiveLock"],
      "0003_marketplace_job_stats": ["template_tenant.vinted_job_stats_id_seq RowExclusiveLock"],
      "0004_link_jobs_to_batches": ["public.marketplace_action_types AccessShareLock"],
      "0005_drop_marketplace_jobs_batch_id": [],
    });
  });

  test("the tables that docs/migrations.md names, no stronger than it says", async ({ db }) => {
    await loadTenant(db);
    const inside = async (script: string): Promise<Record<string, string>> => {
      const locks = await locksOf(db, script);
      const tables = [...locks].filter(([name]) => name.startsWith("user_1.") && !name.endsWith("_seq"));
      return Object.fromEntries(tables.map(([name, mode]) => [name.slice("user_1.".length), mode]));
    };
    const up: Record<string, unknown> = {};
    for (const level of LEVELS) up[level] = await inside(migrationNamed(level).script.up("user_1"));
    expect(up).toEqual({
      "0001_batch_jobs": { batch_jobs: "AccessExclusiveLock" },
      "0002_marketplace_jobs": { marketplace_jobs: "AccessExclusiveLock" },
      "0003_marketplace_job_stats": { marketplace_job_stats: "AccessExclusiveLock" },
      "0004_link_jobs_to_batches": { batch_jobs: "RowExclusiveLock", marketplace_jobs: "ShareRowExclusiveLock" },
      "0005_drop_marketplace_jobs_batch_id": {
        batch_jobs: "RowExclusiveLock",
        marketplace_jobs: "AccessExclusiveLock",
        marketplace_job_stats: "AccessExclusiveLock",
      },
    });
    expect(await inside(migrationNamed("0005_drop_marketplace_jobs_batch_id").script.down?.("user_1") ?? "")).toEqual({
      batch_jobs: "AccessShareLock",
      marketplace_jobs: "AccessExclusiveLock",
      marketplace_job_stats: "AccessExclusiveLock",
    });
  });

  test("the batches against writers where it makes the key to them", async ({ db }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await loadLegacyTenant(db, "c", "user_1", 1, { data: true });
    await migrateUp(db, "user_1", { to: "0001_batch_jobs" });
    const locks = await locksOf(db, migrationNamed("0002_marketplace_jobs").script.up("user_1"));
    expect(locks.get("user_1.batch_jobs")).toBe("ShareRowExclusiveLock");
  });
});
