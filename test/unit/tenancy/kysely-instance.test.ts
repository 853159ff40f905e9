import { describe, expect, test } from "vitest";
import {
  actionTypes,
  createTenantSchema,
  forTenant,
  listTenantSchemas,
  withPreparedStatements,
} from "../../../src/index.js";

const anything = (value: unknown): never => value as never;

const noKysely: Readonly<Record<string, unknown>> = {
  "nothing at all": undefined,
  "a URL": "postgres://localhost/shop",
  "a pool": { connect: async () => {}, end: async () => {} },
};

describe("what is no Kysely is refused before anything is sent, and the error says what to pass", () => {
  const refusal = { code: "INVALID_OPTIONS", hint: expect.stringContaining("new Kysely(") };

  for (const [what, db] of Object.entries(noKysely)) {
    test(what, async () => {
      expect(() => forTenant(anything(db), "user_1")).toThrow(
        expect.objectContaining({ ...refusal, message: "forTenant database: must be a Kysely instance" }),
      );
      expect(() => actionTypes(anything(db))).toThrow(expect.objectContaining(refusal));
      await expect(createTenantSchema(anything(db), "user_1")).rejects.toMatchObject(refusal);
      await expect(listTenantSchemas(anything(db))).rejects.toMatchObject(refusal);
    });
  }

  test("what is given for the schema is not repeated unless it is a text, and then not all of it", () => {
    const db = { getExecutor: () => {} };
    const pool = { options: { connectionString: "postgres://anna:correct-horse@localhost/shop" } };
    const refusalOf = (schema: unknown): unknown => {
      try {
        return forTenant(anything(db), anything(schema));
      } catch (error) {
        return error;
      }
    };
    for (const schema of [pool, 17n, undefined, Symbol("s"), "x".repeat(1_000_000)]) {
      const error = refusalOf(schema) as Error;
      expect(error).toMatchObject({ code: "INVALID_TENANT_SCHEMA" });
      expect(error.message.length).toBeLessThan(400);
      expect(error.message).not.toContain("correct-horse");
    }
  });

  test("nor is anything but a pool prepared for", () => {
    const refused = expect.objectContaining({ code: "INVALID_OPTIONS", hint: expect.stringContaining("new pg.Pool(") });
    for (const pool of [undefined, "postgres://localhost/shop", { getExecutor: () => {} }]) {
      expect(() => withPreparedStatements(anything(pool))).toThrow(refused);
    }
  });
});
