import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { migrations } from "../../../migrations/index.js";
import { createTenantSchema, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import {
  type LegacyVariant,
  loadLegacyShared,
  loadLegacyTemplate,
  loadLegacyTenant,
} from "../../legacy/legacy-system.js";

const VARIANTS: readonly LegacyVariant[] = ["a", "b", "c", "d", "e"];

const OTHERS = ["user_2", "user_3", "user_4"];

/** Tenants of all kinds that have tables, beside which another one is migrated. */
async function loadOthers(db: Kysely<any>): Promise<void> {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  for (const [index, variant] of (["a", "b", "c"] as const).entries()) {
    await loadLegacyTenant(db, variant, OTHERS[index] ?? "", index + 2, { data: true });
  }
}

/** Keeps all they have from everybody until the work is done: tables by a lock, sequences by changing them. */
async function whileLocked(db: Kysely<any>, work: () => Promise<void>): Promise<void> {
  const { rows } = await sql<{ name: string; kind: string }>`
    select quote_ident(namespace.nspname) || '.' || quote_ident(relation.relname) as name, relation.relkind as kind
    from pg_class as relation join pg_namespace as namespace on namespace.oid = relation.relnamespace
    where namespace.nspname in (${sql.join(OTHERS)}) and relation.relkind in ('r', 'S')`.execute(db);
  expect(rows.length).toBeGreaterThan(10);
  await db.transaction().execute(async (holder) => {
    for (const { name, kind } of rows) {
      if (kind === "r") await sql`lock table ${sql.raw(name)} in access exclusive mode`.execute(holder);
      else await sql`alter sequence ${sql.raw(name)} cycle`.execute(holder);
    }
    await work();
  });
}

describe("while every table of all other tenants is locked", () => {
  test.for(VARIANTS)("a tenant of variant %s is migrated, in both directions, without a wait", async (own, { db }) => {
    await loadOthers(db);
    await loadLegacyTenant(db, own, "user_1", 1, { data: own !== "d" && own !== "e" });
    const options = {
      tenants: ["user_1"],
      template: false,
      sharedSchema: false,
      lockTimeoutMs: 100,
      maxAttempts: 1,
    } as const;
    await whileLocked(db, async () => {
      const up = await syncTenantSchemas(db, options);
      expect(up.tenants).toMatchObject([{ outcome: "migrated", applied: Object.keys(migrations) }]);
      const down = await syncTenantSchemas(db, { ...options, to: "0003_marketplace_job_stats" });
      expect(down.tenants).toMatchObject([{ outcome: "rolled-back" }]);
      await syncTenantSchemas(db, options);
    });
  });

  test("a new tenant is created without a wait", async ({ db }) => {
    await loadOthers(db);
    await whileLocked(db, async () => {
      await db.transaction().execute(async (transaction) => {
        await sql`set local lock_timeout = 100`.execute(transaction);
        await createTenantSchema(transaction, "user_1");
      });
    });
  });
});
