import { sql } from "kysely";
import pg from "pg";
import { describe, expect } from "vitest";
import { columnUseReportSchema } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { run } from "./command-line.js";
import { loadFleet } from "./legacy-fleet.js";

const COLUMN = "marketplace_jobs.batch_id";
const LINKED = ["sync", "--to", "0004_link_jobs_to_batches"];

describe("inspect-column", () => {
  test("tells what is in the way of the drop, and says that it is clear once that is gone", async ({
    database,
    db,
  }) => {
    const env = { DATABASE_URL: database.url };
    await loadFleet(db, ["a", "b", "c", "d", "e"]);
    const before = await run(["inspect-column", COLUMN, "--statements", "none"], { env });
    expect(before.exitCode).toBe(1);
    expect(before.stdout).toMatch(/3 {2}tenant +in-use +user_1 +jobs have a string and no batch/);

    await run(LINKED, { env });
    await sql`create view user_2.by_string as select batch_id from user_2.marketplace_jobs`.execute(db);
    const blocked = await run(["inspect-column", COLUMN, "--statements", "none"], { env });
    expect(blocked).toMatchObject({ exitCode: 1, stderr: "" });
    expect(blocked.stdout).toMatch(/4 {2}tenant +clear +user_1 +nothing in the schema uses it/);
    expect(blocked.stdout).toMatch(/1 {2}tenant +in-use +user_2 +blocked by view by_string/);
    expect(blocked.stdout).toMatch(/^in-use user_2\n {2}blocked by view user_2.by_string$/m);
    expect(blocked.stdout).toMatch(/^marketplace_jobs\.batch_id in 6 schemas, .*: in-use, it is still used$/m);

    const plan = await run(["plan"], { env });
    expect(plan.stdout).toMatch(
      /^0005 would refuse for view by_string, which uses marketplace_jobs\.batch_id, in 1 schema: user_2$/m,
    );

    await sql`drop view user_2.by_string`.execute(db);
    const clear = await run(["inspect-column", COLUMN, "--statements", "none"], { env });
    expect(clear.exitCode).toBe(0);
    expect(clear.stdout).toMatch(/: clear, nothing uses it$/m);
    expect((await run(["plan"], { env })).stdout).not.toContain("would refuse");

    await run(["sync"], { env });
    const gone = await run(["inspect-column", COLUMN], { env });
    expect(gone).toMatchObject({ exitCode: 0, stderr: "" });
    expect(gone.stdout).toMatch(/5 {2}tenant +no-column +user_1 +has no such column/);
  });

  test("finds what a plan's SQL says in comments, whatever its name, so that the script stays one", async ({
    database,
    db,
    pool,
  }) => {
    const env = { DATABASE_URL: database.url };
    await loadFleet(db, ["a"]);
    await run(LINKED, { env });
    await sql`create view user_1."x\nselect 1/0; --" as select batch_id from user_1.marketplace_jobs`.execute(db);
    const { stdout } = await run(["plan", "--sql", "--no-template"], { env });
    expect(stdout).toMatch(/^-- 0005 would refuse for view "x\\u\{a\}select 1\/0; --", which uses .*: user_1$/m);
    await expect(pool.query(stdout)).rejects.toMatchObject({ code: "MJ005" });
  });

  test("is not content with what it could not look at", async ({ database, db }) => {
    const env = { DATABASE_URL: database.url };
    await loadFleet(db, ["a"]);
    await run(LINKED, { env });
    const { exitCode, stdout } = await run(["inspect-column", COLUMN], { env });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^not inspected recorded statements: the extension pg_stat_statements is not installed/m);
    expect(stdout).toMatch(/^ {2}hint: .*--statements running/m);
    expect(stdout).toMatch(
      /not-fully-inspected, nothing was found that uses it, but not everything could be looked at$/m,
    );
  });

  test("names a session and keeps its statement to itself", async ({ database, db }) => {
    const env = { DATABASE_URL: database.url };
    await loadFleet(db, ["a"]);
    await run(LINKED, { env });
    const old = new pg.Client({ connectionString: database.url, application_name: "old\u001b[2Jcode" });
    await old.connect();
    try {
      await old.query("begin");
      await old.query("select id from user_1.marketplace_jobs where batch_id = 'secret_batch'");
      const args = ["inspect-column", COLUMN, "--statements", "running"];
      const { exitCode, stdout } = await run(args, { env });
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(
        /^session process \d+ \(old\S*code, \w+, idle in transaction\) named it .* ago, in user_1$/m,
      );
      expect(stdout).not.toMatch(/secret_batch|\u001b/);
    } finally {
      await old.end();
    }
  });

  test("prints a report that the exported schema parses, with --json", async ({ database, db }) => {
    const env = { DATABASE_URL: database.url };
    await loadFleet(db, ["a", "e"]);
    const { exitCode, stdout } = await run(["inspect-column", COLUMN, "--json", "--tenant", "user_1"], { env });
    expect(exitCode).toBe(1);
    expect(columnUseReportSchema.parse(JSON.parse(stdout))).toMatchObject({
      verdict: "in-use",
      tenants: [{ schema: "user_1", rows: { conflicting: 0 } }],
    });
  });

  test("takes names in double quotes, and tells hostile ones so that they do nothing", async ({ database, db }) => {
    const env = { DATABASE_URL: database.url };
    const table = 'we.ird "table"';
    const column = "col\u001b[2J";
    for (const schema of ["user_1", "\u202eevil\nselect 1"]) {
      await sql`create schema ${sql.id(schema)}`.execute(db);
      await sql`create table ${sql.id(schema, table)} (${sql.id(column)} text)`.execute(db);
      await sql`create view ${sql.id(schema, "-- \u0007")} as select ${sql.id(column)} from ${sql.id(schema, table)}`.execute(
        db,
      );
    }
    const { exitCode, stdout } = await run(
      [
        "inspect-column",
        `"we.ird ""table""".${column}`,
        ...["user_1", "\u202eevil\nselect 1"].map((schema) => `--tenant=${schema}`),
        "--statements=none",
      ],
      { env },
    );
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/2 {2}tenant +in-use +user_1 +blocked by view/);
    expect(stdout).not.toMatch(/[^\P{C}\n]/u);
    expect(stdout).not.toMatch(/^select 1/m);
  });

  test.for([
    ["a column alone", ["batch_id"], "is no column of a table"],
    ["a schema with it", ["user_1.marketplace_jobs.batch_id"], "is no column of a table"],
    ["an open quote", ['"marketplace_jobs.batch_id'], "is no column of a table"],
    ["nothing", [], "missing required argument 'table.column'"],
    ["statements of another kind", [COLUMN, "--statements", "some"], "Allowed choices are all, running, none."],
    ["a flag that has no meaning here", [COLUMN, "--shared-schema", "public"], "unknown option '--shared-schema'"],
  ] as const)("ends with 2 for %s", async ([_, args, said]) => {
    const { exitCode, stdout, stderr } = await run(["inspect-column", ...args]);
    expect(stderr).toContain(said);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });

  test("ends with 2 for a column that no schema has, and names the nearest", async ({ database, db }) => {
    await loadFleet(db, ["a"]);
    const { exitCode, stderr } = await run(["inspect-column", "marketplace_jobs.batch"], {
      env: { DATABASE_URL: database.url },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/UNKNOWN_COLUMN[\s\S]*Did you mean "batch_id"\?/);
  });
});
