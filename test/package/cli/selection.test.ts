import { describe, expect } from "vitest";
import { databaseTest as test } from "../../database/fixtures.js";
import { run } from "./command-line.js";
import { loadFleet } from "./legacy-fleet.js";

describe("a pattern that no schema matches", () => {
  test("is warned of by every command that works on a fleet, and leaves the exit code alone", async ({
    database,
    db,
  }) => {
    await loadFleet(db, ["e"]);
    const env = { DATABASE_URL: database.url };
    expect((await run(["sync"], { env })).stderr).not.toContain("warning:");
    const pattern = ["--tenants-matching", "^nothing_"];
    const commands = [
      ["status"],
      ["plan"],
      ["sync"],
      ["verify"],
      ["repair", "--quiet"],
      ["rollback", "--to", "0005_drop_marketplace_jobs_batch_id"],
      ["inspect-column", "marketplace_jobs.batch_job_id", "--statements", "none"],
    ];
    for (const command of commands) {
      const { exitCode, stderr } = await run([...command, ...pattern], { env });
      expect(stderr, command.join(" ")).toMatch(
        /^warning: no tenant schema matches \^nothing_: pass --tenants-matching/m,
      );
      if (command[0] !== "inspect-column") expect(exitCode, command.join(" ")).toBe(0);
    }
  });

  test("is told to be the default when none was given, and the template is no match", async ({ database, db }) => {
    await loadFleet(db, []);
    const env = { DATABASE_URL: database.url };
    const { exitCode, stderr } = await run(["status"], { env });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("no tenant schema matches ^user_[0-9]+$ (the default of --tenants-matching)");
    expect((await run(["status", "--tenants-matching", "^template_"], { env })).stderr).toContain(
      "no tenant schema matches ^template_:",
    );
  });
});

test("a new tenant that later runs will not select is created, and warned of", async ({ database, db }) => {
  await loadFleet(db, []);
  const env = { DATABASE_URL: database.url };
  const created = await run(["provision", "shop"], { env });
  expect(created).toMatchObject({ exitCode: 0, stdout: "shop created with 5 migrations\n" });
  expect(created.stderr).toBe(
    "warning: shop does not match ^user_[0-9]+$, so later runs will not select it: pass them --tenants-matching with a " +
      "pattern that it matches, or --tenant shop\n",
  );
  expect(await run(["provision", "shop_2", "--tenants-matching", "^shop"], { env })).toMatchObject({ stderr: "" });
  expect((await run(["provision", "user_1", "--tenants-matching", "^shop"], { env })).stderr).toContain(
    "warning: user_1 does not match ^shop,",
  );
});
