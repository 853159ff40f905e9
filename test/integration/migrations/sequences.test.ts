import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { databaseTest as test } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { createSchema, LEVELS, migrateUp, migrationNamed, runUp } from "./run-migrations.js";
import { structureOf } from "./structure-lines.js";

async function loadTemplate(db: Kysely<any>): Promise<void> {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
}

async function sequencesOf(db: Kysely<any>, schema: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname || case when exists (
        select from pg_depend
        where classid = 'pg_class'::regclass and objid = sequence.oid and deptype in ('a', 'i'))
      then '' else ' owned by none' end as name
    from pg_class as sequence
    where relkind = 'S' and relnamespace = (select oid from pg_namespace where nspname = ${schema})
    order by relname`.execute(db);
  return rows.map(({ name }) => name);
}

const OWN = ["batch_jobs_id_seq", "marketplace_job_stats_id_seq", "marketplace_jobs_id_seq", "products_id_seq"];

describe("a sequence of the template", () => {
  test("stays, owned by none, while clones draw from it, and goes with the last of them", async ({ db }) => {
    await loadTemplate(db);
    await loadLegacyTenant(db, "b", "user_1", 1, { data: true });
    await loadLegacyTenant(db, "c", "user_2", 2, { data: true });
    await loadLegacyTenant(db, "d", "user_3", 3);
    await migrateUp(db, "template_tenant");
    const leftOver = ["vinted_job_stats_id_seq owned by none", "vinted_jobs_id_seq owned by none"];
    expect(await sequencesOf(db, "template_tenant")).toEqual([...OWN, ...leftOver]);
    await sql`insert into user_1.marketplace_jobs (action_type_id) values (3)`.execute(db);
    await migrateUp(db, "user_1");
    expect(await sequencesOf(db, "template_tenant")).toEqual([...OWN, ...leftOver]);
    await sql`insert into user_2.marketplace_jobs (action_type_id) values (3)`.execute(db);
    await migrateUp(db, "user_2");
    expect(await sequencesOf(db, "template_tenant")).toEqual([...OWN, "vinted_job_stats_id_seq owned by none"]);
    await migrateUp(db, "user_3");
    expect(await sequencesOf(db, "template_tenant")).toEqual(OWN);
    // Products are the host's, and go on drawing from the template.
    await sql`insert into user_3.products (title) values ('A lamp')`.execute(db);
  });

  test("goes in the end when two tenants stop drawing from it at the same time", async ({ db }) => {
    await loadTemplate(db);
    for (const [schema, number] of [
      ["user_1", 1],
      ["user_3", 3],
    ] as const) {
      await loadLegacyTenant(db, "b", schema, number);
    }
    await migrateUp(db, "template_tenant");
    for (const level of LEVELS.slice(0, 3)) {
      await db.transaction().execute(async (one) => {
        await sql.raw(migrationNamed(level).script.up("user_1")).execute(one);
        await db.transaction().execute(async (other) => {
          await sql.raw(migrationNamed(level).script.up("user_3")).execute(other);
        });
      });
    }
    expect(await sequencesOf(db, "template_tenant")).toContain("vinted_jobs_id_seq owned by none");
    for (const schema of ["user_1", "user_3"]) {
      await migrateUp(db, schema, { from: "0003_marketplace_job_stats" });
    }
    expect(await sequencesOf(db, "template_tenant")).toEqual(OWN);
    const { rows } = await sql`
      select count(*)::int as comments from pg_description
      where classoid = 'pg_class'::regclass and description ~ '^(Took over|Left over)'`.execute(db);
    expect(rows).toEqual([{ comments: 0 }]);
  });

  test("goes with the template when no clone draws from it any more", async ({ db }) => {
    await loadTemplate(db);
    await loadLegacyTenant(db, "b", "user_1", 1);
    await migrateUp(db, "user_1");
    expect(await sequencesOf(db, "template_tenant")).toContain("vinted_jobs_id_seq");
    await migrateUp(db, "template_tenant");
    expect(await sequencesOf(db, "template_tenant")).toEqual(OWN);
  });

  test("never makes four workers wait for each other in a circle", async ({ db }) => {
    await loadTemplate(db);
    const clones = Array.from({ length: 12 }, (_, index) => `user_${index + 1}`);
    for (const [index, schema] of clones.entries()) {
      await loadLegacyTenant(db, index % 2 === 0 ? "b" : "c", schema, index + 1, { data: true });
    }
    const queue = [...clones.slice(0, 6), "template_tenant", ...clones.slice(6)];
    const worker = async (): Promise<void> => {
      for (let schema = queue.shift(); schema !== undefined; schema = queue.shift()) {
        for (const level of LEVELS) await runUp(db, schema, level, { settings: { deadlock_timeout: "10ms" } });
      }
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    const canonical = (await structureOf(db, "user_1")).own;
    for (const schema of [...clones, "template_tenant"]) {
      expect((await structureOf(db, schema)).own, schema).toEqual(canonical);
    }
  });
});

describe("ids of a table's own", () => {
  test("leave a sequence alone that a host shares among its tenants", async ({ db }) => {
    await loadTemplate(db);
    await loadLegacyTenant(db, "a", "user_10", 10);
    await sql`create sequence public.all_jobs start 700`.execute(db);
    await sql`alter table user_10.marketplace_jobs alter column id set default nextval('public.all_jobs')`.execute(db);
    await sql`insert into user_10.marketplace_jobs (action_type_id) values (3)`.execute(db);
    await migrateUp(db, "user_10");
    expect(await sequencesOf(db, "public")).toContain("all_jobs owned by none");
    // The sequence that the column owned besides is gone.
    expect(await sequencesOf(db, "user_10")).toEqual(OWN);
    const { rows } = await sql`
      insert into user_10.marketplace_jobs (marketplace, action_type_id) values ('ebay', 9) returning id`.execute(db);
    expect(rows).toEqual([{ id: 701 }]);
  });

  test("go on above the rows that a clone by LIKE was filled with", async ({ db }) => {
    await createSchema(db, "template_tenant");
    await migrateUp(db, "template_tenant");
    await createSchema(db, "user_1");
    for (const table of ["batch_jobs", "marketplace_jobs", "marketplace_job_stats"]) {
      await sql`create table ${sql.id("user_1", table)} (like ${sql.id("template_tenant", table)} including all)`.execute(
        db,
      );
    }
    await sql`insert into user_1.marketplace_jobs (id, marketplace, action_type_id) values (41, 'ebay', 9)`.execute(db);
    await migrateUp(db, "user_1");
    const { rows } = await sql`
      insert into user_1.marketplace_jobs (marketplace, action_type_id) values ('ebay', 9) returning id`.execute(db);
    expect(rows).toEqual([{ id: 42 }]);
  });

  test("become an identity that takes given ids, also where it was one that did not", async ({ db }) => {
    await createSchema(db, "user_1");
    await sql`
      create table user_1.batch_jobs (
        id integer generated always as identity (sequence name user_1.odd_name start 5) primary key,
        batch_id varchar(100) not null unique, marketplace varchar(50) not null, action_code varchar(50) not null,
        total_count integer not null default 0, completed_count integer not null default 0,
        failed_count integer not null default 0, cancelled_count integer not null default 0,
        status varchar(20) not null default 'pending', priority integer not null default 3,
        created_at timestamptz not null default now(), started_at timestamptz, completed_at timestamptz)`.execute(db);
    await sql`insert into user_1.batch_jobs (batch_id, marketplace, action_code) values ('x', 'ebay', 'y')`.execute(db);
    await migrateUp(db, "user_1");
    await createSchema(db, "user_fresh");
    await migrateUp(db, "user_fresh");
    expect((await structureOf(db, "user_1")).own).toEqual((await structureOf(db, "user_fresh")).own);
    const { rows } = await sql`
      insert into user_1.batch_jobs (batch_id, marketplace, action_code) values ('z', 'ebay', 'y') returning id`.execute(
      db,
    );
    expect(rows).toEqual([{ id: 6 }]);
  });
});
