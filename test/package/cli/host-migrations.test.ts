import { writeFileSync } from "node:fs";
import { sql } from "kysely";
import { describe, expect } from "vitest";
import { databaseTest as test } from "../../database/fixtures.js";
import { run } from "./command-line.js";
import { loadFleet, recordedIn } from "./legacy-fleet.js";
import { migrationsFile } from "./migrations-file.js";

const PRODUCT_NOTES = `{
  "0100_product_notes": {
    up: async (db) => { await db.schema.createTable("product_notes").addColumn("id", "bigint").execute(); },
    down: async (db) => { await db.schema.dropTable("product_notes").execute(); },
  },
}`;

describe("a host's own migrations", () => {
  test("run after ours, go back with ours, and are pending where they are missing", async ({ database, db }) => {
    await loadFleet(db, ["a", "e"]);
    const env = { DATABASE_URL: database.url };
    await run(["sync"], { env });
    const file = ["--migrations", migrationsFile(PRODUCT_NOTES)];
    const pending = await run(["status", "--fail-on-pending", ...file], { env });
    expect(pending.exitCode).toBe(3);
    expect(await run(["sync", ...file], { env })).toMatchObject({ exitCode: 0 });
    expect((await recordedIn(db, "user_1")).at(-1)).toBe("0100_product_notes");
    expect(await db.withSchema("user_1").selectFrom("product_notes").select("id").execute()).toEqual([]);
    const ahead = await run(["status"], { env });
    expect(ahead.stdout).toMatch(/not known here: 0100_product_notes/);
    const back = await run(["rollback", "--to", "0005_drop_marketplace_jobs_batch_id", ...file], { env });
    expect(back.exitCode).toBe(0);
    expect(await recordedIn(db, "user_2")).toHaveLength(5);
  });

  test("may come as the whole set, ours included, from the package's own entry", async ({ database, db }) => {
    await sql`create schema user_1`.execute(db);
    const file = migrationsFile("{}");
    writeFileSync(
      file,
      `import { migrations as ours } from "marketplace-jobs/migrations";
       export default { ...ours, "0100_tags": { up: async (db) => {
         await db.schema.createTable("tags").addColumn("id", "integer").execute();
       } } };`,
    );
    expect(await run(["sync", "--migrations", file], { env: { DATABASE_URL: database.url } })).toMatchObject({
      exitCode: 0,
    });
    expect(await recordedIn(db, "user_1")).toHaveLength(6);
  });

  test("are in a new tenant from the start", async ({ database, db }) => {
    const file = migrationsFile(PRODUCT_NOTES);
    const { exitCode, stdout } = await run(["provision", "user_1", "--migrations", file, "--json"], {
      env: { DATABASE_URL: database.url },
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "user_1",
      applied: expect.arrayContaining(["0100_product_notes"]),
    });
    expect((await recordedIn(db, "user_1")).at(-1)).toBe("0100_product_notes");
  });
});

test("several databases are one run and one report", async ({ database, databases, db }) => {
  const other = await databases.create();
  try {
    await sql`create schema user_1`.execute(db);
    const urls = [database, other].flatMap(({ url }) => ["--database-url", url]);
    const sync = await run(["sync", "--verbose", ...urls]);
    expect(sync.exitCode).toBe(0);
    expect(sync.stdout).toMatch(/^3 schemas in .*: 3 migrated$/m);
    const status = await run(["status", ...urls]);
    expect(status.stdout).toMatch(new RegExp(`^\\S+/${database.name} +1 +tenant .* 0 {2}user_1$`, "m"));
    expect(status.stdout).toMatch(new RegExp(`^\\S+/${other.name} +1 +shared`, "m"));
    const provision = await run(["provision", "user_2", ...urls]);
    expect(provision).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("give --database-url once") });
  } finally {
    await databases.drop(other);
  }
});
