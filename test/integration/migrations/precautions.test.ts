import { randomBytes } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { describe, expect } from "vitest";
import { databaseTest, schemaTest as test } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { refusalOf, tenantAsItIs } from "./refusal.js";
import { createSchema, LEVELS, migrateUp, migrationNamed, runDown, runUp } from "./run-migrations.js";
import { structureOf } from "./structure-lines.js";
import { jobsByString } from "./tenant-rows.js";

const DROP = "0005_drop_marketplace_jobs_batch_id";
const BEFORE_DROP = "0004_link_jobs_to_batches";

/** A role that owns the schema and its tables but nothing else; gone with `end`. */
async function createOwner(db: Kysely<any>, schema: string): Promise<{ name: string; end: () => Promise<void> }> {
  const name = `owner_${randomBytes(6).toString("hex")}`;
  await sql`create role ${sql.id(name)}`.execute(db);
  await sql`alter schema ${sql.id(schema)} owner to ${sql.id(name)}`.execute(db);
  const { rows } = await sql<{ relname: string }>`
    select relname from pg_class where relkind = 'r'
      and relnamespace = (select oid from pg_namespace where nspname = ${schema})`.execute(db);
  for (const { relname } of rows) {
    await sql`alter table ${sql.id(schema, relname)} owner to ${sql.id(name)}`.execute(db);
  }
  return {
    name,
    end: async () => {
      await sql`drop owned by ${sql.id(name)} cascade`.execute(db);
      await sql`drop role ${sql.id(name)}`.execute(db);
    },
  };
}

describe("a migration sees every row that it decides about", () => {
  test.for(["repeatable read", "serializable"] as const)(
    "it refuses a transaction that is %s, whose snapshot is older than its locks",
    async (level, { db, schema }) => {
      await createSchema(db, schema);
      await migrateUp(db, schema);
      for (const name of LEVELS) {
        for (const script of [migrationNamed(name).script.up(schema), migrationNamed(name).script.down?.(schema)]) {
          if (script === undefined || script.startsWith("-- Links")) continue;
          const refusal = await refusalOf(
            db
              .transaction()
              .setIsolationLevel(level)
              .execute((transaction) => sql.raw(script).execute(transaction)),
          );
          expect(refusal).toMatchObject({
            code: "MJ008",
            message: expect.stringContaining(level),
            hint: expect.stringContaining("default_transaction_isolation"),
          });
        }
      }
    },
  );

  databaseTest("rows that a forced policy hides from the owner make it fail, and nothing is lost", async ({ db }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await loadLegacyTenant(db, "a", "user_10", 10, { data: true });
    const owner = await createOwner(db, "user_10");
    try {
      await sql`grant select on public.marketplace_action_types to ${sql.id(owner.name)}`.execute(db);
      const asOwner = { settings: { role: owner.name } };
      await sql`alter table user_10.marketplace_jobs enable row level security`.execute(db);
      await sql`create policy few on user_10.marketplace_jobs using (id <= 3)`.execute(db);
      for (const level of LEVELS) {
        if (level !== "0001_batch_jobs" && level !== "0003_marketplace_job_stats") {
          await sql`alter table user_10.marketplace_jobs force row level security`.execute(db);
          const before = await tenantAsItIs(db, "user_10");
          expect(await refusalOf(runUp(db, "user_10", level, asOwner)), level).toMatchObject({
            code: "42501",
            message: expect.stringContaining("row-level security"),
          });
          expect(await tenantAsItIs(db, "user_10")).toEqual(before);
        }
        // Without the force a policy does not bind the owner.
        await sql`alter table user_10.marketplace_jobs no force row level security`.execute(db);
        await runUp(db, "user_10", level, asOwner);
      }
      expect((await jobsByString(db, "user_10")).size).toBe(17);
    } finally {
      await owner.end();
    }
  });

  databaseTest("a table that only looks empty under a policy is not dropped", async ({ db, schema }) => {
    await createSchema(db, schema);
    await migrateUp(db, schema, { to: "0002_marketplace_jobs" });
    await sql`insert into ${sql.id(schema, "marketplace_jobs")} (action_type_id) values (3)`.execute(db);
    const owner = await createOwner(db, schema);
    try {
      await sql`alter table ${sql.id(schema, "marketplace_jobs")} enable row level security, force row level security`.execute(
        db,
      );
      const refusal = await refusalOf(runDown(db, schema, "0002_marketplace_jobs", { settings: { role: owner.name } }));
      expect(refusal.code).toBe("42501");
    } finally {
      await owner.end();
    }
  });
});

describe("a migration does without what a host has set", () => {
  test("quote_all_identifiers changes how definitions print, not whether they are recognised", async ({
    db,
    schema,
  }) => {
    await createSchema(db, "user_fresh");
    await migrateUp(db, "user_fresh");
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await loadLegacyTenant(db, "a", schema, 10, { data: true });
    for (const level of LEVELS) await runUp(db, schema, level, { settings: { quote_all_identifiers: "on" } });
    expect((await structureOf(db, schema)).own).toEqual((await structureOf(db, "user_fresh")).own);
  });

  test("a search path through the tenant and a schema of look-alikes changes nothing", async ({ db, schema }) => {
    await createSchema(db, schema);
    await migrateUp(db, schema);
    const other = `${schema}_other`;
    await createSchema(db, other);
    await migrateUp(db, other, { to: BEFORE_DROP });
    await runUp(db, other, DROP, { settings: { search_path: schema } });
    await runDown(db, other, DROP, { settings: { search_path: other } });
    await runUp(db, other, DROP, { settings: { search_path: "pg_temp" } });
    expect((await structureOf(db, other)).own).toEqual((await structureOf(db, schema)).own);
  });

  test("a deferred constraint trigger of the host does not keep the table from being altered", async ({
    db,
    schema,
  }) => {
    await createSchema(db, schema);
    await migrateUp(db, schema, { to: "0003_marketplace_job_stats" });
    await sql
      .raw(
        `create table ${schema}.heard (job integer);
create function ${schema}.hear() returns trigger language plpgsql as
  'begin insert into ${schema}.heard values (new.id); return new; end';
create constraint trigger heard after update on ${schema}.marketplace_jobs
  deferrable initially deferred for each row execute function ${schema}.hear();
insert into ${schema}.marketplace_jobs (batch_id, action_type_id) values ('x', 3);`,
      )
      .execute(db);
    // All in one transaction, as Kysely's Migrator has it.
    await db.transaction().execute(async (transaction) => {
      for (const level of [BEFORE_DROP, DROP]) {
        await sql.raw(migrationNamed(level).script.up(schema)).execute(transaction);
      }
    });
    await runDown(db, schema, DROP);
    const { rows } = await sql`select count(*)::int as heard from ${sql.id(schema, "heard")}`.execute(db);
    expect(rows).toEqual([{ heard: 2 }]);
  });

  test("tables that belong to another role are a failure of privilege, and left as they are", async ({
    db,
    schema,
  }) => {
    await loadLegacyTenant(db, "a", schema, 12, { data: true });
    const owner = await createOwner(db, schema);
    const stranger = await createOwner(db, schema);
    try {
      await sql`reassign owned by ${sql.id(stranger.name)} to ${sql.id(owner.name)}`.execute(db);
      await sql`grant all on schema ${sql.id(schema)} to ${sql.id(stranger.name)}`.execute(db);
      const before = await tenantAsItIs(db, schema);
      const refusal = await refusalOf(runUp(db, schema, "0001_batch_jobs", { settings: { role: stranger.name } }));
      expect(refusal).toMatchObject({ code: "42501", message: expect.stringContaining("batch_jobs") });
      expect(await tenantAsItIs(db, schema)).toEqual(before);
    } finally {
      await stranger.end();
      await owner.end();
    }
  });
});
