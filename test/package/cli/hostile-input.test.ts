import { writeFileSync } from "node:fs";
import { sql } from "kysely";
import { describe, expect } from "vitest";
import { syncReportSchema } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { run } from "./command-line.js";
import { loadFleet, recordedIn } from "./legacy-fleet.js";
import { migrationsFile } from "./migrations-file.js";

/** Names that PostgreSQL takes: quotes, statements, control sequences, another reading direction, line ends, words. */
const HOSTILE_NAMES = [
  `we"ird`,
  "o'hara; drop schema public cascade; --",
  "\u001b[2J\u001b]0;owned\u0007",
  "\u202eevil",
  "line one\nselect 1; -- line two",
  "$$; select 1; $$",
  "--help",
  "select",
  "ключ 鍵 🔑",
];

describe("a schema of any name", () => {
  test("is migrated by that name, and its name does nothing to a terminal or a script", async ({
    database,
    db,
    pool,
  }) => {
    await loadFleet(db, []);
    for (const name of HOSTILE_NAMES) await sql`create schema ${sql.id(name)}`.execute(db);
    const env = { DATABASE_URL: database.url };
    const tenants = HOSTILE_NAMES.map((name) => `--tenant=${name}`);

    const plan = await run(["plan", "--sql", ...tenants], { env });
    expect(plan.exitCode).toBe(0);
    // What a comment names cannot end the comment. The script is for one schema of each role.
    await pool.query(plan.stdout);
    const sync = await run(["sync", "--verbose", ...tenants], { env });
    expect(sync.exitCode).toBe(0);
    expect(sync.stdout).toMatch(/: 8 migrated, 3 up-to-date$/m);
    for (const name of HOSTILE_NAMES) expect(await recordedIn(db, name)).toHaveLength(5);
    const others = [
      await run(["status", "--verbose", ...tenants], { env }),
      await run(["verify", "--verbose", ...tenants], { env }),
      await run(["rollback", "--to", "none", "--no-template", ...tenants], { env }),
    ];
    for (const { exitCode } of others) expect(exitCode).toBe(0);
    for (const { stdout, stderr } of [sync, ...others]) {
      expect(stdout + stderr).not.toMatch(/[^\P{C}\n]/u);
      expect(stdout + stderr).not.toMatch(/^select 1/m);
    }
  });

  test("is told exactly by --json", async ({ database, db }) => {
    for (const name of HOSTILE_NAMES) await sql`create schema ${sql.id(name)}`.execute(db);
    const tenants = HOSTILE_NAMES.map((name) => `--tenant=${name}`);
    const { stdout } = await run(["sync", "--dry-run", "--json", "--no-shared-schema", ...tenants], {
      env: { DATABASE_URL: database.url },
    });
    const report = syncReportSchema.parse(JSON.parse(stdout));
    expect(report.tenants.map(({ schema }) => schema)).toEqual(HOSTILE_NAMES);
  });

  test("is provisioned by that name", async ({ database, db }) => {
    const [name = ""] = HOSTILE_NAMES;
    expect(await run(["provision", name], { env: { DATABASE_URL: database.url } })).toMatchObject({ exitCode: 0 });
    expect(await recordedIn(db, name)).toHaveLength(5);
  });
});

describe("a password", () => {
  const SECRET = "hunter2@correct-horse";

  test("is in nothing that is printed, whatever goes wrong", async ({ database, db }) => {
    const role = `${database.name}_role`;
    await sql`create role ${sql.id(role)} superuser login password ${sql.lit(SECRET)}`.execute(db);
    try {
      await loadFleet(db, ["a", "b"]);
      const url = new URL(database.url);
      url.username = role;
      url.password = encodeURIComponent(SECRET);
      const telltale = migrationsFile(`{
        "0100_telltale": { up: async () => { throw new Error("cannot connect to ${url.href} at all") } },
      }`);
      const misspelt = url.href.replace("postgres://", "postgresql:/");
      const runs = [
        await run(["status", "--verbose"], { env: { DATABASE_URL: url.href } }),
        await run(["sync", "--verbose", "--migrations", telltale], { env: { DATABASE_URL: url.href } }),
        await run(["sync", "--json", "--migrations", telltale], { env: { DATABASE_URL: url.href } }),
        await run(["status", "--database-url", misspelt]),
        await run(["status", url.href]),
        await run([url.href]),
        await run([`--databse-url=${url.href}`]),
        await run(["status", `--database-ulr=${url.href}`]),
        await run(["status", "--template", "none", "--verbose"], {
          env: { PGHOST: url.hostname, PGPORT: url.port, PGUSER: role, PGPASSWORD: SECRET, PGDATABASE: "no_such_shop" },
        }),
      ];
      expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 1, 1, 2, 2, 2, 2, 2, 1]);
      for (const { stdout, stderr } of runs) {
        expect(stdout + stderr).not.toContain(SECRET);
        expect(stdout + stderr).not.toContain(encodeURIComponent(SECRET));
      }
      expect(runs[1]?.stdout).toContain("cannot connect to postgres://***@");
    } finally {
      await sql`reassign owned by ${sql.id(role)} to current_user`.execute(db);
      await sql`drop owned by ${sql.id(role)}`.execute(db);
      await sql`drop role ${sql.id(role)}`.execute(db);
    }
  });
});

describe("a file of migrations", () => {
  test.for([
    ["does not exist", undefined, "There is no file"],
    ["does not parse", "export const migrations = {", "cannot be loaded"],
    ["throws", "throw new Error('no such table')", "cannot be loaded: no such table"],
    ["exports nothing of use", "export const products = {}", "exports no migrations"],
    ["holds what is no migration", "export default { '0100_products': 'create table' }", "must be a migration"],
    [
      "takes one of our names",
      "export default { '0001_batch_jobs': { up: async () => {} } }",
      "0001_batch_jobs, which is one of ours",
    ],
    ["sorts before ours", "export default { '0000_products': { up: async () => {} } }", "INVALID_MIGRATIONS"],
  ] as const)("that %s is wrong usage", async ([, content, said], { database }) => {
    const file = migrationsFile("{}");
    if (content !== undefined) writeFileSync(file, content);
    const args = ["sync", "--migrations", content === undefined ? `${file}.gone` : file];
    const { exitCode, stdout, stderr } = await run(args, { env: { DATABASE_URL: database.url } });
    expect(stderr).toContain(said);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
