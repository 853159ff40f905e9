import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";

/** The sequences of the run's schemas that belong to no column. */
async function unownedSequences(db: Kysely<any>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select sequence.relnamespace::regnamespace::text || '.' || sequence.relname as name
    from pg_class sequence
    where sequence.relkind = 'S' and sequence.relnamespace::regnamespace::text ~ '^(user_|template_)'
      and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = sequence.oid and deptype in ('a', 'i'))
    order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

describe("a sequence of the template that clones still draw from", () => {
  test("stays while one of them is left, and goes with the run that brings the last one over", async ({ db }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await loadLegacyTenant(db, "a", "user_1", 1, { data: true });
    await loadLegacyTenant(db, "b", "user_2", 2, { data: true });
    await loadLegacyTenant(db, "c", "user_3", 3, { data: true });
    await syncTenantSchemas(db, { tenants: [] });
    const left = await unownedSequences(db);
    expect(left.length).toBeGreaterThan(0);
    await syncTenantSchemas(db);
    expect(await unownedSequences(db)).toEqual([]);
  });

  test("stays for a host's own table, whose default names it", async ({ db }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await sql`create table public.imports (id integer default nextval('template_tenant.vinted_jobs_id_seq'))`.execute(
      db,
    );
    const report = await syncTenantSchemas(db);
    expect(report.status).toBe("ok");
    await sql`insert into public.imports default values`.execute(db);
    expect((await sql<{ id: number }>`select id from public.imports`.execute(db)).rows).toHaveLength(1);
  });
});
