import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { migrations } from "../../../migrations/index.js";
import { plainSqlMigration } from "../../../migrations/plain-sql-migration.js";
import { scriptOf } from "../../../src/sync/step-script.js";

const hostileNames = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1 }).filter((name) => !name.includes("\u0000")),
  fc.stringMatching(/^[a-z_'"\\$%. ]{1,12}$/),
  fc.constantFrom("user_1", "$&", "$1", "schema", "O'Neil", 'a"b', "back\\slash", "$$", "%s"),
);

describe("The script of a step", () => {
  for (const [name, migration] of Object.entries(migrations)) {
    for (const direction of ["up", "down"] as const) {
      test(`${name} ${direction} is what the migration writes for the schema, whatever its name`, () => {
        fc.assert(
          fc.property(hostileNames, (schema) => {
            expect(scriptOf({ name, direction, migration }, schema)).toBe(migration.script[direction]?.(schema));
          }),
        );
      });
    }
  }

  test("of a host's migration is written for each schema, since it may depend on the name in any way", () => {
    const migration = plainSqlMigration({ up: (schema) => `select ${schema.length}, '${schema.toUpperCase()}'` });
    const step = { name: "host", direction: "up", migration } as const;
    expect(scriptOf(step, "user_1")).toBe("select 6, 'USER_1'");
    expect(scriptOf(step, "user_12")).toBe("select 7, 'USER_12'");
    expect(scriptOf({ ...step, direction: "down" }, "user_1")).toBeUndefined();
  });
});
