import { sql } from "kysely";
import { describe, expect } from "vitest";
import { schemaTest as test } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { COLUMN_USES } from "./column-uses.js";
import { refusalOf, tenantAsItIs } from "./refusal.js";
import { createSchema, migrateUp, runUp } from "./run-migrations.js";
import { structureOf } from "./structure-lines.js";

const LAST_BEFORE_DROP = "0004_link_jobs_to_batches";
const DROP = "0005_drop_marketplace_jobs_batch_id";

describe("0005 refuses, and leaves the tenant as it is, while the column is in use by", () => {
  test.for(COLUMN_USES)("$title", async ({ statements, kind, effect, name }, { db, schema }) => {
    await createSchema(db, schema);
    await migrateUp(db, schema, { to: LAST_BEFORE_DROP });
    const inSchema = (text: string): string => text.replaceAll(/\bS\./g, `${schema}.`);
    await sql`
      insert into ${sql.id(schema, "marketplace_jobs")} (batch_id, action_type_id)
      values ('publish_20260115_101530_a1b2c3d4', 3)`.execute(db);
    for (const statement of statements) await sql.raw(inSchema(statement)).execute(db);
    try {
      const before = await tenantAsItIs(db, schema);
      const refusal = await refusalOf(runUp(db, schema, DROP));
      expect(refusal.message).toContain(inSchema(`${kind} ${name}`));
      expect(refusal).toMatchObject({
        code: "MJ005",
        hint: expect.stringContaining("batch_jobs.batch_id"),
        detail: {
          table: "marketplace_jobs",
          column: "batch_id",
          dependents: expect.arrayContaining([{ effect, kind, name: inSchema(name) }]),
        },
      });
      expect(await tenantAsItIs(db, schema)).toEqual(before);
    } finally {
      // Publications belong to the database, which the file's tests share.
      await sql`drop publication if exists ${sql.id("P")}`.execute(db);
    }
  });

  test("several objects, all listed", async ({ db, schema }) => {
    await createSchema(db, schema);
    await migrateUp(db, schema, { to: LAST_BEFORE_DROP });
    for (const name of ["one", "two"]) {
      await sql`create view ${sql.id(schema, name)} as select batch_id from ${sql.id(schema, "marketplace_jobs")}`.execute(
        db,
      );
    }
    const { message } = await refusalOf(runUp(db, schema, DROP));
    expect(message).toBe(
      `marketplace_jobs.batch_id is still used by 2 objects: view ${schema}.one, view ${schema}.two.`,
    );
  });
});

describe("with the column go", () => {
  const own = [
    "create index by_string on S.marketplace_jobs (batch_id)",
    "create index by_lower_string on S.marketplace_jobs (lower(batch_id))",
    "create index with_string on S.marketplace_jobs (batch_id) where batch_id is not null",
    "alter table S.marketplace_jobs add constraint not_blank check (batch_id <> ' ')",
    "alter table S.marketplace_jobs add constraint own_string unique (batch_id)",
    "comment on column S.marketplace_jobs.batch_id is 'deprecated'",
  ];
  test("its own indexes, checks and keys, whatever their names", async ({ db, schema }) => {
    await createSchema(db, schema);
    await migrateUp(db, schema);
    const canonical = await structureOf(db, schema);
    const other = `${schema}_other`;
    await createSchema(db, other);
    await migrateUp(db, other, { to: LAST_BEFORE_DROP });
    for (const statement of own) await sql.raw(statement.replaceAll(/\bS\./g, `${other}.`)).execute(db);
    await runUp(db, other, DROP);
    expect(await structureOf(db, other)).toEqual(canonical);
  });

  test("no trigger whose function names batch_jobs.batch_id", async ({ db, schema }) => {
    await createSchema(db, schema);
    await migrateUp(db, schema, { to: LAST_BEFORE_DROP });
    await sql
      .raw(
        `create function ${schema}.announce() returns trigger language plpgsql as '
begin
  perform pg_notify(''batches'', (
    select batch_jobs.batch_id from ${schema}.batch_jobs where batch_jobs.id = new.batch_job_id));
  return new;
end';
create trigger announced after insert on ${schema}.marketplace_jobs for each row execute function ${schema}.announce()`,
      )
      .execute(db);
    await runUp(db, schema, DROP);
    expect((await structureOf(db, schema)).own.filter((line) => line.includes(" trigger "))).toHaveLength(1);
  });
});

describe("a column that changes its type", () => {
  test("is refused at 0001 while a view reads the enum status of batches", async ({ db, schema }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await loadLegacyTenant(db, "a", schema, 10, { data: true });
    await sql
      .raw(`create view ${schema}.running as select id from ${schema}.batch_jobs where status = 'running'`)
      .execute(db);
    const before = await tenantAsItIs(db, schema);
    const refusal = await refusalOf(runUp(db, schema, "0001_batch_jobs"));
    expect(refusal).toMatchObject({
      code: "MJ005",
      detail: {
        table: "batch_jobs",
        column: "status",
        dependents: [{ effect: "blocks", kind: "view", name: `${schema}.running` }],
      },
    });
    expect(await tenantAsItIs(db, schema)).toEqual(before);
  });

  test("is no reason to refuse for a trigger function that names it, nor for a view on the old batch_id", async ({
    db,
    schema,
  }) => {
    await loadLegacyTenant(db, "a", schema, 11, { data: true });
    await sql
      .raw(
        `create view ${schema}.strings as select id, batch_id from ${schema}.marketplace_jobs;
create function ${schema}.touch() returns trigger language plpgsql as
  'begin if new.status = ''running'' and new.batch_id is null then null; end if; return new; end';
create trigger touched before insert on ${schema}.batch_jobs for each row execute function ${schema}.touch()`,
      )
      .execute(db);
    await migrateUp(db, schema, { to: LAST_BEFORE_DROP });
    const { message } = await refusalOf(runUp(db, schema, DROP));
    expect(message).toContain(`view ${schema}.strings`);
    await sql`drop view ${sql.id(schema, "strings")}`.execute(db);
    await runUp(db, schema, DROP);
  });
});

describe("functions that may name the column", () => {
  const withFunction = (schema: string): string =>
    `create function ${schema}."Report"() returns bigint language plpgsql as
  'begin return (select count(Batch_Id) from ${schema}.Marketplace_Jobs); end';
create function ${schema}.harmless() returns text language sql as 'select ''batch_id''::text'`;

  test("are warned of once, and only where somebody reads the warning", async ({ db, schema }) => {
    await createSchema(db, schema);
    await migrateUp(db, schema, { to: LAST_BEFORE_DROP });
    await sql.raw(withFunction(schema)).execute(db);
    const before = await tenantAsItIs(db, schema);
    const asked = await refusalOf(runUp(db, schema, DROP, { settings: { "marketplace_jobs.acknowledged": "report" } }));
    expect(asked).toMatchObject({
      code: "MJ003",
      detail: {
        acknowledge: "functions_naming_batch_id",
        warning: `these functions name marketplace_jobs and batch_id, and fail if they mean the dropped column: ${schema}."Report"`,
      },
    });
    expect(await tenantAsItIs(db, schema)).toEqual(before);
    await runUp(db, schema, DROP, {
      settings: { "marketplace_jobs.acknowledged": "report,functions_naming_batch_id" },
    });
  });

  test("do not stop a migration that nobody watches", async ({ db, schema }) => {
    await createSchema(db, schema);
    await migrateUp(db, schema, { to: LAST_BEFORE_DROP });
    await sql.raw(withFunction(schema)).execute(db);
    await runUp(db, schema, DROP);
  });
});

describe("the mean durations of the legacy code", () => {
  test("are not dropped while a view reads them", async ({ db, schema }) => {
    await createSchema(db, schema);
    await migrateUp(db, schema, { to: LAST_BEFORE_DROP });
    await sql
      .raw(`create view ${schema}.means as select date, avg_duration_ms from ${schema}.marketplace_job_stats`)
      .execute(db);
    const before = await tenantAsItIs(db, schema);
    const refusal = await refusalOf(runUp(db, schema, DROP));
    expect(refusal).toMatchObject({
      code: "MJ005",
      hint: expect.stringContaining("duration_ms_sum"),
      detail: {
        table: "marketplace_job_stats",
        column: "avg_duration_ms",
        dependents: [{ effect: "blocks", kind: "view", name: `${schema}.means` }],
      },
    });
    expect(await tenantAsItIs(db, schema)).toEqual(before);
  });
});
