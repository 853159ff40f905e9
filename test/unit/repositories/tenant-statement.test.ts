import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from "kysely";
import { describe, expect, test } from "vitest";
import { tenantDatabase } from "../../../src/repositories/tenant-database.js";
import { type TenantStatement, tenantStatement } from "../../../src/repositories/tenant-statement.js";
import { parseTenantSchemaName } from "../../../src/tenancy/tenant-schema-name.js";

function connect(): Kysely<any> {
  return new Kysely<any>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

let written = 0;

function jobById(db: Kysely<any>, schema: string, id: number): TenantStatement<unknown> {
  return tenantStatement(tenantDatabase(db, parseTenantSchemaName(schema), "public"), {
    form: "job by id",
    values: { id, marketplace: "vinted" },
    write({ names }, values) {
      written += 1;
      return sql`select 1 from ${names.marketplaceJobs}, ${names.actionTypes} where 2 = ${values.id} or ${values.id} = 3`;
    },
  });
}

describe("a statement whose text is kept", () => {
  test("names the tenant that it is sent for, and carries that call's values", () => {
    const db = connect();
    const [first, second] = [jobById(db, "user_1", 17).compile(db), jobById(db, 'user "2"; --', 18).compile(db)];
    expect(first.sql).toBe(
      'select 1 from "user_1"."marketplace_jobs", "public"."marketplace_action_types" where 2 = $1 or $2 = 3',
    );
    expect(second.sql).toBe(first.sql.replace('"user_1"', '"user ""2""; --"'));
    expect([first.parameters, second.parameters]).toEqual([
      [17, 17],
      [18, 18],
    ]);
  });

  test("is written once for a database, in whatever transaction it is sent", async () => {
    const db = connect();
    written = 0;
    jobById(db, "user_1", 1).compile(db);
    await db.transaction().execute(async (transaction) => jobById(transaction, "user_2", 2).compile(transaction));
    expect(written).toBe(1);
    const other = connect();
    jobById(other, "user_1", 1).compile(other);
    expect(written).toBe(2);
  });

  test("must not hold a value, which every later call would send", () => {
    const db = connect();
    const tenant = tenantDatabase(db, parseTenantSchemaName("user_1"), "public");
    const leaking = tenantStatement(tenant, { form: "leaking", values: {}, write: () => sql`select ${17}` });
    expect(() => leaking.compile(db)).toThrow("must not hold a value");
  });

  test("sends null for a value that is not there, since not every driver takes undefined", () => {
    const db = connect();
    const tenant = tenantDatabase(db, parseTenantSchemaName("user_1"), "public");
    const values: { readonly retryAfterMs: number | undefined } = { retryAfterMs: undefined };
    const { parameters } = tenantStatement(tenant, {
      form: "absent",
      values,
      write: (_, { retryAfterMs }) => sql`select ${retryAfterMs}::integer`,
    }).compile(db);
    expect(parameters).toEqual([null]);
  });

  test("stays bounded however many forms there are", () => {
    const db = connect();
    const tenant = tenantDatabase(db, parseTenantSchemaName("user_1"), "public");
    written = 0;
    const claim = (limit: number): string =>
      tenantStatement(tenant, {
        form: `claim ${limit}`,
        values: {},
        write() {
          written += 1;
          return sql`select ${sql.lit(limit)}`;
        },
      }).compile(db).sql;
    for (let limit = 1; limit <= 1_000; limit += 1) claim(limit);
    expect(claim(1_000)).toBe("select 1000");
    expect(written).toBe(1_000);
    expect(claim(1)).toBe("select 1");
    expect(written).toBe(1_001);
  });
});
