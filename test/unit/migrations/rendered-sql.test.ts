import { describe, expect, test } from "vitest";
import { migrations, sharedMigrations } from "../../../migrations/index.js";

// What a tenant executes, as files that a reviewer can read and a linter can check. `vitest -u` writes them anew.
describe.each([
  { group: "tenant", all: migrations, schema: "user_1" },
  { group: "shared", all: sharedMigrations, schema: "public" },
])("the SQL of the $group migrations is what test/golden shows", ({ group, all, schema }) => {
  test.each(Object.entries(all))("%s", async (name, { script }) => {
    await expect(script.up(schema)).toMatchFileSnapshot(`../../golden/${group}/${name}.up.sql`);
    if (script.down !== undefined) {
      await expect(script.down(schema)).toMatchFileSnapshot(`../../golden/${group}/${name}.down.sql`);
    }
  });
});
