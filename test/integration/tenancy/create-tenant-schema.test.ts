import { sql, type Kysely } from "kysely";
import { describe, expect } from "vitest";
import { migrations, plainSqlMigration, quoteIdentifier } from "../../../migrations/index.js";
import { createTenantSchema, getTenantSchemaStatus, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createTenantTables } from "../../database/canonical-tables.js";
import { ledgerOf } from "../sync/fleet.js";

/** Everything in a schema that a definition can be printed of, without the schema's own name. */
async function structureOf(db: Kysely<any>, schema: string): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select 'column ' || relation.relname || ' ' || row_number() over (partition by relation.oid order by attribute.attnum)
             || ' ' || attribute.attname || ' ' || format_type(attribute.atttypid, attribute.atttypmod) || ' '
             || attribute.attnotnull || ' ' || attribute.attidentity::text || ' '
             || coalesce(pg_get_expr(fallback.adbin, fallback.adrelid), '') as line
    from pg_class relation
    join pg_attribute attribute on attribute.attrelid = relation.oid and attribute.attnum > 0 and not attribute.attisdropped
    left join pg_attrdef fallback on fallback.adrelid = relation.oid and fallback.adnum = attribute.attnum
    where relation.relnamespace = ${schema}::regnamespace and relation.relkind in ('r', 'S')
    union all
    select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    from pg_constraint where connamespace = ${schema}::regnamespace
    union all
    select 'index ' || indexdef from pg_indexes where schemaname = ${schema}
    order by 1`.execute(db);
  return rows.map(({ line }) => line.replaceAll(new RegExp(`\\b${schema}\\b`, "g"), "S"));
}

describe("createTenantSchema", () => {
  test("a new tenant has the structure and the record of one in which every migration was replayed", async ({ db }) => {
    await createTenantTables(db, "user_1");
    const { applied } = await createTenantSchema(db, "user_2");
    expect(applied).toEqual(Object.keys(migrations));
    const created = await structureOf(db, "user_2");
    const ledger = created.filter((line) => line.includes("marketplace_jobs_migration"));
    expect(ledger).not.toEqual([]);
    expect(created.filter((line) => !ledger.includes(line))).toEqual(await structureOf(db, "user_1"));
    expect(await ledgerOf(db, "user_2")).toEqual(Object.keys(migrations));
    const [status] = await getTenantSchemaStatus(db, { tenants: ["user_2"], sharedSchema: false });
    expect(status).toMatchObject({ pending: [], unknown: [] });
  });

  test("the timestamps of its record are milliseconds that rise strictly, as Kysely wants them", async ({ db }) => {
    await createTenantSchema(db, "user_1");
    const rows = await db
      .withSchema("user_1")
      .selectFrom("marketplace_jobs_migration")
      .select("timestamp")
      .orderBy("name")
      .execute();
    const times = rows.map(({ timestamp }) => timestamp as string);
    expect(times.every((time) => new Date(time).toISOString() === time)).toBe(true);
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? ""))).toBe(true);
  });

  test("a host's own migrations follow ours, functions included, in the same transaction", async ({ db }) => {
    const own = {
      ...migrations,
      app_0001_notes: plainSqlMigration({
        up: (schema) => `create table ${quoteIdentifier(schema)}.notes (id integer);`,
      }),
      app_0002_note: {
        up: async (tenant: Kysely<any>) => void (await tenant.insertInto("notes").values({ id: 1 }).execute()),
      },
    };
    await createTenantSchema(db, "user_1", { migrations: own });
    expect(await ledgerOf(db, "user_1")).toEqual(Object.keys(own));
    expect(await db.withSchema("user_1").selectFrom("notes").select("id").execute()).toEqual([{ id: 1 }]);
    const broken = { ...own, app_0003_broken: { up: async () => await Promise.reject(new Error("not today")) } };
    await expect(createTenantSchema(db, "user_2", { migrations: broken })).rejects.toThrow("not today");
    expect((await sql`select 1 from pg_namespace where nspname = 'user_2'`.execute(db)).rows).toEqual([]);
  });

  test("in a host's transaction the schema comes and goes with it", async ({ db }) => {
    const trx = await db.startTransaction().execute();
    await createTenantSchema(trx, "user_1");
    await trx.rollback().execute();
    expect((await sql`select 1 from pg_namespace where nspname = 'user_1'`.execute(db)).rows).toEqual([]);
  });

  test("it is one round trip", async ({ db, statements }) => {
    await sql`select 1`.execute(db);
    const { roundTrips } = await statements.during(async () => await createTenantSchema(db, "user_1"));
    expect(roundTrips).toBe(1);
  });

  test("a schema that exists is refused by its name and left as it is", async ({ db }) => {
    await sql`create schema user_1`.execute(db);
    await expect(createTenantSchema(db, "user_1")).rejects.toMatchObject({
      code: "TENANT_SCHEMA_EXISTS",
      tenant: "user_1",
    });
    await expect(createTenantSchema(db, "pg_user")).rejects.toMatchObject({ code: "INVALID_TENANT_SCHEMA" });
    expect((await sql`select 1 from pg_class where relnamespace = 'user_1'::regnamespace`.execute(db)).rows).toEqual(
      [],
    );
  });

  test("a name that only needs quoting is created like any other", async ({ db }) => {
    const name = `it's "odd"; drop schema public --`;
    await createTenantSchema(db, name);
    const report = await syncTenantSchemas(db, { tenants: [name], sharedSchema: false });
    expect(report.tenants).toMatchObject([{ schema: name, outcome: "up-to-date" }]);
  });

  test("tenants created while a sync runs end with each migration once", async ({ db }) => {
    for (let number = 1; number <= 10; number++) await sql`create schema ${sql.id(`user_${number}`)}`.execute(db);
    const sync = syncTenantSchemas(db, { sharedSchema: false });
    await Promise.all(
      Array.from({ length: 5 }, async (_, index) => await createTenantSchema(db, `user_${100 + index}`)),
    );
    const report = await sync;
    expect(report.summary.failed).toBe(0);
    const status = await getTenantSchemaStatus(db, { sharedSchema: false });
    expect(status.map(({ applied }) => applied.length)).toEqual(
      Array.from({ length: 15 }, () => Object.keys(migrations).length),
    );
  });
});
