import { CamelCasePlugin, DummyDriver, Kysely, PostgresAdapter, PostgresQueryCompiler } from "kysely";
import { describe, expect, test } from "vitest";
import { plainSqlMigration } from "../../../migrations/index.js";
import { schemaOf } from "../../../migrations/plain-sql-migration.js";

const db = new Kysely<any>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: () => {
      throw new Error("Nothing here looks at a database.");
    },
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

describe("a migration that is plain SQL", () => {
  test.each(["user_1", "User 1", 'a "b"', "50%"])("runs in the schema %j that withSchema names", (schema) => {
    expect(schemaOf(db.withSchema(schema))).toBe(schema);
  });

  test("takes the schema's name as it is, whatever plugins rewrite columns", () => {
    const camelCase = db.withPlugin(new CamelCasePlugin({ underscoreBeforeDigits: true }));
    expect(schemaOf(camelCase.withSchema("userX1"))).toBe("userX1");
    expect(schemaOf(db.withSchema("userX1").withPlugin(new CamelCasePlugin()))).toBe("userX1");
  });

  test("refuses to run nowhere in particular", async () => {
    const migration = plainSqlMigration({ up: () => "select 1", down: () => "select 1" });
    await expect(migration.up(db)).rejects.toThrow("run it with db.withSchema(schema)");
    await expect(migration.down?.(db)).rejects.toThrow("run it with db.withSchema(schema)");
  });

  test("has a way back only if one is written", () => {
    expect(plainSqlMigration({ up: () => "select 1" })).not.toHaveProperty("down");
  });
});
