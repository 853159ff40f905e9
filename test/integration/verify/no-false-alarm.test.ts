import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { expect } from "vitest";
import { migrations } from "../../../migrations/index.js";
import { createTenantSchema, syncTenantSchemas, verifyTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { cloneTables } from "./clone-tables.js";
import { about, createTenants, driftOf, forget } from "./migrated-tenants.js";

const NAMES = Object.keys(migrations);

test("created, migrated, cloned, adopted and replayed tenants are canonical, with one fingerprint", async ({ db }) => {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  await loadLegacyTenant(db, "a", "user_10", 10, { data: true });
  await loadLegacyTenant(db, "b", "user_1", 1, { data: true });
  await loadLegacyTenant(db, "c", "user_2", 2, { data: true });
  await loadLegacyTenant(db, "d", "user_3", 3);
  await loadLegacyTenant(db, "e", "user_4", 4);
  await sql`create schema user_5`.execute(db);
  await syncTenantSchemas(db);
  await createTenantSchema(db, "user_6");
  await cloneTables(db, "template_tenant", "user_7");
  for (const name of NAMES) {
    await sql`insert into user_7.marketplace_jobs_migration select name, "timestamp" from user_5.marketplace_jobs_migration
      where name = ${name}`.execute(db);
  }
  await createTenants(db, ["user_8"]);
  await syncTenantSchemas(db, { tenants: ["user_8"], to: "0003_marketplace_job_stats" });
  await syncTenantSchemas(db, { tenants: ["user_8"] });

  const report = await verifyTenantSchemas(db);
  expect(report.tenants.flatMap(({ schema, drift }) => drift.map(({ message }) => `${schema}: ${message}`))).toEqual(
    [],
  );
  expect(report).toMatchObject({
    status: "ok",
    summary: { canonical: 11, drifted: 0, gone: 0, unreadable: 0, pending: 0 },
    groups: [
      { role: "tenant", tenants: 9, summary: "up to date, canonical" },
      { role: "shared", tenants: 1 },
      { role: "template", tenants: 1 },
    ],
  });
  const tenants = report.tenants.filter(({ role }) => role !== "shared");
  expect(new Set(tenants.map(({ fingerprint }) => fingerprint)).size).toBe(1);
});

test.for(NAMES)("a tenant at %s is compared with the structure at that migration", async (migration, { db }) => {
  await createTenants(db, ["user_1"], { to: migration });
  expect(about(await verifyTenantSchemas(db), "user_1")).toMatchObject({
    state: "canonical",
    migration,
    pending: NAMES.slice(NAMES.indexOf(migration) + 1),
    drift: [],
  });
});

test("legacy tenants at 0004 are canonical there, the deprecated column included", async ({ db }) => {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  await loadLegacyTenant(db, "a", "user_10", 10, { data: true });
  await loadLegacyTenant(db, "b", "user_1", 1, { data: true });
  await loadLegacyTenant(db, "c", "user_2", 2, { data: true });
  await syncTenantSchemas(db, { to: "0004_link_jobs_to_batches" });
  const report = await verifyTenantSchemas(db);
  expect(report.tenants.flatMap(({ schema }) => driftOf(report, schema))).toEqual([]);
  expect(report.summary).toMatchObject({ canonical: 5, pending: 4 });
});

test("what a host has added is extra, and no drift", async ({ db }) => {
  await createTenants(db, ["user_1"]);
  await sql`create table user_1.products (id bigint primary key)`.execute(db);
  await sql`alter table user_1.marketplace_jobs add column note text,
    add constraint marketplace_jobs_product_id_fkey foreign key (product_id) references user_1.products (id)`.execute(
    db,
  );
  await sql`create index by_user_1_note on user_1.marketplace_jobs (note)`.execute(db);
  await sql`create view user_1.open_jobs as select id from user_1.marketplace_jobs`.execute(db);
  await sql`create statistics user_1.both (dependencies) on marketplace, status from user_1.marketplace_jobs`.execute(
    db,
  );
  await sql`alter table user_1.marketplace_jobs enable row level security`.execute(db);
  await sql`create policy everybody on user_1.marketplace_jobs using (true)`.execute(db);
  await sql`create function user_1.noop() returns trigger language plpgsql as 'begin return new; end'`.execute(db);
  await sql`create trigger touched before update on user_1.marketplace_jobs
    for each row execute function user_1.noop()`.execute(db);
  await sql`create rule never as on delete to user_1.batch_jobs do instead nothing`.execute(db);
  const found = about(await verifyTenantSchemas(db), "user_1");
  expect(found).toMatchObject({ state: "canonical", drift: [], notices: [] });
  expect(found.extra.map(({ kind, table, name }) => `${kind} ${table}.${name}`)).toEqual([
    "rule batch_jobs.never",
    "column marketplace_jobs.note",
    "constraint marketplace_jobs.marketplace_jobs_product_id_fkey",
    "index marketplace_jobs.by_user_1_note",
    "policy marketplace_jobs.everybody",
    "policy marketplace_jobs.row level security",
    "statistics marketplace_jobs.both",
    "trigger marketplace_jobs.touched",
    "view marketplace_jobs.open_jobs",
  ]);
});

test("a host's own required column is told, since no row of ours can be inserted", async ({ db }) => {
  await createTenants(db, ["user_1"]);
  await sql`alter table user_1.batch_jobs add column cost_centre text not null`.execute(db);
  expect(about(await verifyTenantSchemas(db), "user_1")).toMatchObject({
    state: "canonical",
    notices: [expect.stringContaining("column batch_jobs.cost_centre is not ours, is required and has no default")],
  });
});

test("neither how a session prints SQL nor how an index is stored makes a difference", async ({ db, database }) => {
  await createTenants(db, ["user_1"]);
  await sql`alter index user_1.marketplace_jobs_claim_idx set (fillfactor = 70, deduplicate_items = off)`.execute(db);
  const options = "-c quote_all_identifiers=on -c search_path=user_1,public";
  const pool = new pg.Pool({ connectionString: database.url, options, max: 1 });
  const session = new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
  try {
    expect(await verifyTenantSchemas(session)).toMatchObject({ status: "ok" });
    const { rows } = await sql<{ quote_all_identifiers: string }>`show quote_all_identifiers`.execute(session);
    expect(rows).toEqual([{ quote_all_identifiers: "on" }]);
  } finally {
    await session.destroy();
  }
});

test("schemas with any name are verified, each under its own", async ({ db }) => {
  const names = ['user"; drop schema public; --', "Ünïcode % $$ \\ '", "jobs", "1", "user_1", "_", "a.b", "batch_jobs"];
  await createTenants(db, names);
  const report = await verifyTenantSchemas(db, { tenants: names });
  expect(report.tenants.flatMap(({ schema, drift }) => drift.map(({ message }) => `${schema}: ${message}`))).toEqual(
    [],
  );
  const tenants = report.tenants.filter(({ role }) => role === "tenant");
  expect(tenants.map(({ schema }) => schema)).toEqual(names);
  expect(new Set(tenants.map(({ fingerprint }) => fingerprint)).size).toBe(1);
});

test("a ledger that forgot a migration in the middle says so, and nothing is drift", async ({ db }) => {
  await createTenants(db, ["user_1"]);
  await forget(db, "user_1", ["0003_marketplace_job_stats"]);
  expect(about(await verifyTenantSchemas(db), "user_1")).toMatchObject({
    state: "canonical",
    pending: ["0003_marketplace_job_stats"],
  });
});

test("a tenant that was dumped and restored is canonical, although its checks print with other casts", async ({
  db,
}) => {
  await createTenants(db, ["user_1"]);
  const checks = await sql<{ table: string; name: string; definition: string }>`
    select conrelid::regclass::text as "table", conname::text as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'c' and connamespace = 'user_1'::regnamespace`.execute(db);
  for (const { table, name, definition } of checks.rows) {
    await sql.raw(`alter table ${table} drop constraint ${name}, add constraint ${name} ${definition}`).execute(db);
  }
  const indexes = await sql<{ name: string; definition: string }>`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index join pg_class on pg_class.oid = indexrelid
    where relnamespace = 'user_1'::regnamespace and indpred is not null`.execute(db);
  for (const { name, definition } of indexes.rows) await sql.raw(`drop index ${name}; ${definition}`).execute(db);
  const again = await sql<{ definition: string }>`
    select pg_get_constraintdef(oid) as definition from pg_constraint
    where contype = 'c' and connamespace = 'user_1'::regnamespace`.execute(db);
  expect(again.rows.map(({ definition }) => definition)).not.toEqual(checks.rows.map(({ definition }) => definition));
  await createTenants(db, ["user_2"]);
  const report = await verifyTenantSchemas(db);
  expect(report.tenants.flatMap(({ schema }) => driftOf(report, schema))).toEqual([]);
  expect(about(report, "user_1").fingerprint).toBe(about(report, "user_2").fingerprint);
});
