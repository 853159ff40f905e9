import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { databaseTest as test } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { createSchema, LEVELS, migrateUp, NEWEST, runDown, runUp } from "./run-migrations.js";
import { structureOf, structuresOf, withoutLeftOvers } from "./structure-lines.js";

const VARIANTS = { user_10: "a", user_1: "b", user_2: "c", user_3: "d", user_4: "e" } as const;
const TENANTS = ["template_tenant", ...Object.keys(VARIANTS), "user_fresh"];

async function loadEverything(db: Kysely<any>): Promise<void> {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  for (const [schema, variant] of Object.entries(VARIANTS)) {
    const number = Number(schema.slice("user_".length));
    await loadLegacyTenant(db, variant, schema, number, { data: "abc".includes(variant) });
  }
  await createSchema(db, "user_fresh");
}

/** Whether the line is about a table that the migrations up to this one have brought to its wanted form. */
function isOfLevel(line: string, level: string): boolean {
  const tables = ["batch_jobs", "marketplace_jobs", "marketplace_job_stats"].slice(0, LEVELS.indexOf(level) + 1);
  return tables.includes(line.slice(0, line.indexOf(" ")));
}

/** What `create table like` and a hand-written loop make of the template: index names of the server's, no foreign keys. */
async function cloneSchema(db: Kysely<any>, from: string, to: string, tables: readonly string[]): Promise<void> {
  await createSchema(db, to);
  for (const table of tables) {
    await sql`create table ${sql.id(to, table)} (like ${sql.id(from, table)} including all)`.execute(db);
  }
}

describe("one structure", () => {
  test("every legacy variant, the template and a fresh tenant are equal after each migration", async ({ db }) => {
    await loadEverything(db);
    for (const level of LEVELS) {
      for (const schema of TENANTS) await runUp(db, schema, level);
      const structures = await structuresOf(db, TENANTS);
      const fresh = structures.get("user_fresh")?.own ?? [];
      expect(fresh.length).toBeGreaterThan(15);
      for (const [schema, { own }] of structures) {
        const compared = level === NEWEST ? own : withoutLeftOvers(own).filter((line) => isOfLevel(line, level));
        expect(compared, `${schema} after ${level}`).toEqual(fresh);
      }
    }
  });

  test("what the host hung on the tables stays, and nothing of ours is among it", async ({ db }) => {
    await loadEverything(db);
    for (const schema of TENANTS) await migrateUp(db, schema);
    const structures = await structuresOf(db, TENANTS);
    const host = Object.fromEntries([...structures].map(([schema, structure]) => [schema, structure.host]));
    const users =
      "batch_jobs constraint fk_batch_jobs_user: FOREIGN KEY (created_by_user_id) REFERENCES public.users(id) ON DELETE SET NULL";
    const products =
      "marketplace_jobs constraint marketplace_jobs_product_id_fkey: FOREIGN KEY (product_id) REFERENCES products(id) ON DELETE SET NULL";
    expect(host).toEqual({
      template_tenant: [users, products],
      user_10: [users, products],
      user_1: [users],
      user_2: [],
      user_3: [],
      user_4: [],
      user_fresh: [],
    });
  });

  test("going back from each level and forth again ends with the same structure", async ({ db }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await loadLegacyTenant(db, "a", "user_10", 10);
    await createSchema(db, "user_fresh");
    const before = new Map<string, readonly string[]>();
    for (const level of LEVELS) {
      for (const schema of ["user_10", "user_fresh"]) await runUp(db, schema, level);
      before.set(level, withoutLeftOvers((await structureOf(db, "user_fresh")).own));
    }
    for (const level of LEVELS.toReversed()) {
      for (const schema of ["user_10", "user_fresh"]) {
        const { own } = await structureOf(db, schema);
        expect(withoutLeftOvers(own), `${schema} at ${level}`).toEqual(before.get(level));
        await runDown(db, schema, level);
      }
    }
    for (const schema of ["user_10", "user_fresh"]) {
      expect(withoutLeftOvers((await structureOf(db, schema)).own)).toEqual([]);
      await migrateUp(db, schema);
      expect((await structureOf(db, schema)).own).toEqual(before.get(NEWEST));
    }
  });

  test("a clone of a migrated template, made with LIKE, becomes canonical", async ({ db }) => {
    await createSchema(db, "template_tenant");
    await migrateUp(db, "template_tenant");
    const tables = ["batch_jobs", "marketplace_jobs", "marketplace_job_stats"];
    await cloneSchema(db, "template_tenant", "user_1", tables);
    await cloneSchema(db, "template_tenant", "user_2", tables.toReversed());
    await sql`insert into user_1.marketplace_jobs (marketplace, action_type_id) values ('ebay', 9)`.execute(db);
    const canonical = (await structureOf(db, "template_tenant")).own;
    for (const schema of ["user_1", "user_2"]) {
      await migrateUp(db, schema);
      expect((await structureOf(db, schema)).own, schema).toEqual(canonical);
    }
    const { rows } = await sql`select id, marketplace from user_1.marketplace_jobs`.execute(db);
    expect(rows).toEqual([{ id: 1, marketplace: "ebay" }]);
  });

  test("a clone of the legacy template, made with LIKE, becomes canonical and independent", async ({ db }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await cloneSchema(db, "template_tenant", "user_7", ["marketplace_job_stats", "marketplace_jobs", "batch_jobs"]);
    await createSchema(db, "user_fresh");
    for (const schema of ["template_tenant", "user_fresh", "user_7"]) await migrateUp(db, schema);
    const structures = await structuresOf(db, ["user_fresh", "user_7"]);
    expect(structures.get("user_7")?.own).toEqual(structures.get("user_fresh")?.own);
  });
});
