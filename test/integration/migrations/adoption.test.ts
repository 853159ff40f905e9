import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { createTenantTables } from "../../database/canonical-tables.js";
import { schemaTest } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { refusalOf, tenantAsItIs } from "./refusal.js";
import { migrateUp, runUp } from "./run-migrations.js";
import { structureOf } from "./structure-lines.js";
import { rowsOf } from "./tenant-rows.js";

/** A tenant of variant A under the test's own name, for drift that is made by hand; S is its schema. */
const test = schemaTest
  .extend("legacy", { scope: "file" }, async ({ db }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await createTenantTables(db, "canonical");
    return "loaded";
  })
  .extend("drift", async ({ db, schema, legacy: _loaded }) => {
    await loadLegacyTenant(db, "a", schema, Number(schema.slice("user_".length)), { data: true });
    return (statements: string) => sql.raw(statements.replaceAll(/\bS\./g, `${schema}.`)).execute(db);
  });

async function expectCanonical(db: Kysely<any>, schema: string): Promise<void> {
  expect((await structureOf(db, schema)).own).toEqual((await structureOf(db, "canonical")).own);
}

describe("drift that no file of the legacy system shows is adopted too:", () => {
  test.for([
    { title: "a text status", statement: "alter table S.marketplace_jobs alter column status type text" },
    {
      title: "a wider marketplace",
      statement: "alter table S.marketplace_jobs alter column marketplace type varchar(200)",
    },
    { title: "a bigint priority", statement: "alter table S.marketplace_jobs alter column priority type bigint" },
    { title: "a json payload", statement: "alter table S.marketplace_jobs alter column input_data type json" },
    {
      title: "a dump that was restored, which prints with other casts",
      statement: `alter table S.marketplace_jobs drop constraint valid_status, add constraint valid_status
          check (((status)::text = any ((array['pending'::character varying, 'running'::character varying,
            'paused'::character varying, 'completed'::character varying, 'failed'::character varying,
            'cancelled'::character varying, 'expired'::character varying])::text[])));
        create index on S.marketplace_jobs (status, expires_at) where (((status)::text = any ((array[
          'pending'::character varying, 'running'::character varying, 'paused'::character varying])::text[])) is true)`,
    },
    { title: "lost defaults", statement: "alter table S.marketplace_jobs alter column retry_count drop default" },
    { title: "a lost NOT NULL", statement: "alter table S.marketplace_jobs alter column created_at drop not null" },
    { title: "a NOT NULL too many", statement: "alter table S.batch_jobs alter column priority set not null" },
    { title: "a lost primary key", statement: "alter table S.vinted_job_stats drop constraint vinted_job_stats_pkey" },
    { title: "a lost check", statement: "alter table S.marketplace_jobs drop constraint valid_status" },
    {
      title: "another collation",
      statement:
        "create collation S.loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false); alter table S.batch_jobs alter column batch_id type varchar(100) collate S.loose",
    },
    {
      title: "an index twice",
      statement:
        "create index on S.marketplace_jobs (priority, created_at desc, id desc); create index on S.marketplace_jobs (priority, created_at desc, id desc)",
    },
    {
      title: "a key with other actions",
      statement:
        "alter table S.marketplace_jobs drop constraint fk_marketplace_jobs_batch_job, add constraint fk_marketplace_jobs_batch_job foreign key (batch_job_id) references S.batch_jobs (id) on delete cascade deferrable initially deferred",
    },
    {
      title: "a key that was never validated",
      statement:
        "alter table S.marketplace_jobs drop constraint fk_marketplace_jobs_batch_job, add constraint marketplace_jobs_batch_job_id_fkey foreign key (batch_job_id) references S.batch_jobs (id) on delete set null not valid",
    },
    {
      title: "the key twice",
      statement:
        "alter table S.marketplace_jobs add constraint again foreign key (batch_job_id) references S.batch_jobs (id) on delete set null",
    },
  ])("$title", async ({ statement }, { db, schema, drift }) => {
    await drift(statement);
    const before = await rowsOf(db, schema, "marketplace_jobs");
    await migrateUp(db, schema);
    await expectCanonical(db, schema);
    expect(await rowsOf(db, schema, "marketplace_jobs")).toHaveLength(before.length);
  });

  test("an index that a failed CREATE INDEX CONCURRENTLY left invalid", async ({ db, schema, drift }) => {
    await drift("update S.marketplace_jobs set idempotency_key = 'twice' where id < 3").catch(() => undefined);
    await drift("drop index S.idx_" + schema.slice("user_".length) + "_marketplace_jobs_idempotency_key");
    await drift("update S.marketplace_jobs set idempotency_key = 'twice' where id < 3");
    await expect(
      drift(
        "create unique index concurrently keys on S.marketplace_jobs (idempotency_key) where idempotency_key is not null",
      ),
    ).rejects.toMatchObject({ code: "23505" });
    await drift("update S.marketplace_jobs set idempotency_key = null");
    await migrateUp(db, schema);
    await expectCanonical(db, schema);
  });
});

describe("what a host has added", () => {
  test("stays: columns, triggers, views of other columns, indexes, keys, comments", async ({ db, schema, drift }) => {
    await drift(`
      alter table S.marketplace_jobs add column note text default 'none', add column cost numeric(10, 2) not null default 0;
      create index by_note on S.marketplace_jobs (note);
      create view S.notes as select id, note from S.marketplace_jobs;
      create table S.receipts (job_id integer references S.marketplace_jobs (id) on delete cascade);
      insert into S.receipts select min(id) from S.marketplace_jobs;
      create function S.count_job() returns trigger language plpgsql as 'begin return new; end';
      create trigger counted after insert on S.marketplace_jobs for each row execute function S.count_job();
      comment on table S.marketplace_jobs is 'Jobs';
      create type S.colour as enum ('red');`);
    await migrateUp(db, schema);
    const { own, host } = await structureOf(db, schema);
    const canonical = await structureOf(db, "canonical");
    const added = [...own, ...host].filter((line) => ![...canonical.own, ...canonical.host].includes(line));
    expect(added.filter((line) => !line.includes("FOREIGN KEY"))).toEqual([
      "marketplace_jobs column cost: numeric(10,2) not null default 0",
      "marketplace_jobs column note: text default 'none'::text",
      "marketplace_jobs index by_note: btree (note)",
      expect.stringContaining("marketplace_jobs trigger counted"),
      expect.stringContaining("marketplace_jobs view"),
    ]);
    const { rows } = await sql
      .raw(`select obj_description('${schema}.marketplace_jobs'::regclass) as comment,
      (select count(*)::int from ${schema}.receipts) as receipts, to_regtype('${schema}.colour')::text as colour,
      to_regtype('${schema}.batch_job_status') as status`)
      .execute(db);
    expect(rows).toEqual([{ comment: "Jobs", receipts: 1, colour: `${schema}.colour`, status: null }]);
  });

  test("gives up a name of ours, and nothing else", async ({ db, schema, drift }) => {
    await drift(`
      create index marketplace_jobs_list_idx on S.marketplace_jobs (retry_count);
      alter table S.marketplace_jobs add constraint marketplace_jobs_status_check check (retry_count >= 0);`);
    await migrateUp(db, schema);
    const { own } = await structureOf(db, schema);
    expect(own).toEqual(expect.arrayContaining([...(await structureOf(db, "canonical")).own]));
    expect(own).toContain("marketplace_jobs index marketplace_jobs_list_idx_left_over: btree (retry_count)");
    expect(own).toContain(
      "marketplace_jobs constraint marketplace_jobs_status_check_left_over: CHECK ((retry_count >= 0))",
    );
  });

  test("keeps a name of ours that is another table's, and the tenant is refused", async ({ db, schema, drift }) => {
    await drift("create index marketplace_jobs_list_idx on S.products (title)");
    await runUp(db, schema, "0001_batch_jobs");
    const before = await tenantAsItIs(db, schema);
    expect(await refusalOf(runUp(db, schema, "0002_marketplace_jobs"))).toMatchObject({
      code: "MJ008",
      message: expect.stringContaining("marketplace_jobs_list_idx"),
    });
    expect(await tenantAsItIs(db, schema)).toEqual(before);
  });

  test("keeps the enum type of the batches as long as something of its own has it", async ({ db, schema, drift }) => {
    await drift("create table S.plans (status S.batch_job_status)");
    await migrateUp(db, schema);
    const { own } = await structureOf(db, schema);
    expect(own.filter((line) => line.includes("batch_job_status"))).toHaveLength(1);
  });
});

describe("a value that has no place", () => {
  test("is refused, blanks at its end included, and the tenant is as it was", async ({ db, schema, drift }) => {
    await drift(`
      alter table S.marketplace_jobs alter column batch_id type text;
      update S.marketplace_jobs set batch_id = rpad('wide', 101) where id < 3;`);
    await runUp(db, schema, "0001_batch_jobs");
    const before = await tenantAsItIs(db, schema);
    expect(await refusalOf(runUp(db, schema, "0002_marketplace_jobs"))).toMatchObject({
      code: "MJ008",
      message: "2 values of marketplace_jobs.batch_id do not fit into character varying(100).",
      detail: { table: "marketplace_jobs", column: "batch_id", count: 2 },
    });
    expect(await tenantAsItIs(db, schema)).toEqual(before);
  });

  test("a status that is none is refused, not bent", async ({ db, schema, drift }) => {
    await drift(`
      alter table S.marketplace_jobs drop constraint valid_status;
      update S.marketplace_jobs set status = 'lost' where id = 1;`);
    await runUp(db, schema, "0001_batch_jobs");
    expect(await refusalOf(runUp(db, schema, "0002_marketplace_jobs"))).toMatchObject({ code: "23514" });
  });
});

describe("keys to batches that do not exist", () => {
  const dangle = `alter table S.marketplace_jobs drop constraint fk_marketplace_jobs_batch_job;
    update S.marketplace_jobs set batch_job_id = 900 + id where batch_job_id is null and id % 40 = 0;`;

  test("become null, told to whoever reads warnings before anything is done", async ({ db, schema, drift }) => {
    await drift(dangle);
    await runUp(db, schema, "0001_batch_jobs");
    const dangling = (await rowsOf(db, schema, "marketplace_jobs")).filter((row) => Number(row["batch_job_id"]) > 900);
    expect(dangling.length).toBeGreaterThan(0);
    const before = await tenantAsItIs(db, schema);
    const key = `dangling_batch_links:${dangling.length}`;
    const settings = { "marketplace_jobs.acknowledged": "report" };
    expect(await refusalOf(runUp(db, schema, "0002_marketplace_jobs", { settings }))).toMatchObject({
      code: "MJ003",
      detail: { acknowledge: key, warning: expect.stringContaining(`${dangling.length} jobs`) },
    });
    expect(await tenantAsItIs(db, schema)).toEqual(before);
    await runUp(db, schema, "0002_marketplace_jobs", {
      settings: { "marketplace_jobs.acknowledged": `report,${key}` },
    });
    const ids = new Set(dangling.map(({ id }) => id));
    const after = (await rowsOf(db, schema, "marketplace_jobs")).filter(({ id }) => ids.has(id));
    expect(after.every((row) => row["batch_job_id"] === null)).toBe(true);
    expect(after.map((row) => row["batch_id"])).toEqual(dangling.map((row) => row["batch_id"]));
  });

  test("become null without a word where nobody listens", async ({ db, schema, drift }) => {
    await drift(dangle);
    await migrateUp(db, schema);
    await expectCanonical(db, schema);
  });
});

describe("a table of the host's that has the name of one of our indexes is not taken for it:", () => {
  const HOSTS_TABLE = "create table S.batch_jobs_created_at_idx (id integer)";

  test("an adopted table is refused, and is as it was", async ({ db, schema, drift }) => {
    await drift(HOSTS_TABLE);
    const before = await tenantAsItIs(db, schema);
    const refusal = await refusalOf(runUp(db, schema, "0001_batch_jobs"));
    expect(refusal).toMatchObject({ code: "MJ008", message: expect.stringContaining("batch_jobs_created_at_idx") });
    expect(await tenantAsItIs(db, schema)).toEqual(before);
  });

  test("a new table is refused as well, and is not there", async ({ db, schema }) => {
    await sql.raw(`create schema ${schema}; ${HOSTS_TABLE.replace("S.", `${schema}.`)}`).execute(db);
    const before = await tenantAsItIs(db, schema);
    const refusal = await refusalOf(runUp(db, schema, "0001_batch_jobs"));
    expect(refusal).toMatchObject({ code: "MJ008", message: expect.stringContaining("batch_jobs_created_at_idx") });
    expect(await tenantAsItIs(db, schema)).toEqual(before);
  });
});
