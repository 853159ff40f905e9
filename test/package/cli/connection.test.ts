import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { describe, expect } from "vitest";
import { databaseTest as test } from "../../database/fixtures.js";
import { program, run, RunningProgram } from "./command-line.js";
import { holdLock, loadFleet, waitUntil } from "./legacy-fleet.js";
import { serverOfAnotherAge } from "./server-of-another-age.js";

/** One line that begins with "error:", on standard error alone. */
async function problemOf(databaseUrl: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run(["status"], { env: { DATABASE_URL: databaseUrl } });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).not.toContain("correct-horse");
  return stderr;
}

function changed(url: string, change: (url: URL) => void): string {
  const other = new URL(url);
  change(other);
  return other.href;
}

describe("a database that cannot be worked with is one line that says what to do, and exit code 1", () => {
  test("nothing listens there", async ({ database }) => {
    const port = await freePort();
    const url = changed(database.url, (other) => (other.port = String(port)));
    expect(await problemOf(url)).toMatch(
      /No PostgreSQL answers at .*: start it, or correct DATABASE_URL\. \(ECONNREFUSED\)/,
    );
  });

  test("there is no such host", async ({ database }) => {
    const url = changed(database.url, (other) => (other.hostname = "nowhere.invalid"));
    expect(await problemOf(url)).toMatch(/There is no host nowhere\.invalid: correct DATABASE_URL\.|cannot be reached/);
  });

  test("the password is wrong", async ({ database, db }) => {
    // Roles belong to the whole server.
    const role = `${database.name}_role`;
    await sql`create role ${sql.id(role)} login password 'correct-horse-battery'`.execute(db);
    try {
      const url = changed(database.url, (other) => {
        other.username = role;
        other.password = "correct-horse-staple";
      });
      expect(await problemOf(url)).toContain(`refuses the password of ${role}: correct it in DATABASE_URL. (28P01)`);
      const without = changed(url, (other) => (other.password = ""));
      expect(await problemOf(without)).toContain(
        `wants a password for ${role}: put it into DATABASE_URL, PGPASSWORD or ~/.pgpass`,
      );
    } finally {
      await sql`drop role ${sql.id(role)}`.execute(db);
    }
  });

  test("there is no such database", async ({ database }) => {
    const url = changed(database.url, (other) => (other.pathname = "/no_such_shop"));
    expect(await problemOf(url)).toMatch(
      /There is no database no_such_shop at .*: create it, or correct DATABASE_URL\. \(3D000\)/,
    );
  });

  test("the server is too old", async ({ database }) => {
    const old = await serverOfAnotherAge(database.url, { number: "140012" });
    try {
      expect(await problemOf(old.url)).toMatch(
        /is version .*; marketplace-jobs needs 15 or newer: upgrade the server\./,
      );
    } finally {
      old.close();
    }
    const oldest = await serverOfAnotherAge(database.url, { number: "150000" });
    try {
      expect((await run(["status"], { env: { DATABASE_URL: oldest.url } })).exitCode).toBe(0);
    } finally {
      oldest.close();
    }
  });

  test("the server speaks no TLS", async ({ database }) => {
    const url = changed(database.url, (other) => other.searchParams.set("sslmode", "verify-full"));
    expect(await problemOf(url)).toMatch(/speaks no TLS: leave sslmode out of DATABASE_URL/);
  });
});

describe("the connection", () => {
  test("may be named with an @ and a # in a parameter", async ({ database }) => {
    const { username, password, host, pathname } = new URL(database.url);
    const query = new URLSearchParams({ user: username, password, application_name: "anna" });
    const url = `POSTGRES://${host}${pathname}?${query.toString()}@shop#1`;
    expect(await run(["status"], { env: { DATABASE_URL: url } })).toMatchObject({ exitCode: 0 });
  });

  test("is named by --database-url before DATABASE_URL before the PG* variables", async ({ database }) => {
    const url = new URL(database.url);
    const variables = {
      PGHOST: url.hostname,
      PGPORT: url.port,
      PGUSER: decodeURIComponent(url.username),
      PGPASSWORD: decodeURIComponent(url.password),
      PGDATABASE: database.name,
    };
    const nowhere = "postgres://nobody@nowhere.invalid/nothing";
    const sources = [
      [["status", "--verbose"], variables, "the PG* variables"],
      [
        ["status", "--verbose"],
        { ...variables, PGHOST: "nowhere.invalid", DATABASE_URL: database.url },
        "DATABASE_URL",
      ],
      [["status", "--verbose", "--database-url", database.url], { DATABASE_URL: nowhere }, "--database-url"],
    ] as const;
    for (const [args, env, source] of sources) {
      const { exitCode, stderr } = await run(args, { env });
      expect({ source, exitCode }).toEqual({ source, exitCode: 0 });
      expect(stderr).toContain(`${database.name} at ${url.hostname}:${url.port} as ${url.username}, by ${source}`);
    }
  });

  test("needs node-postgres, and says so where it is not installed", async ({ database }) => {
    const root = mkdtempSync(join(tmpdir(), "marketplace-jobs-without-pg-"));
    try {
      const modules = join(root, "node_modules");
      mkdirSync(modules);
      cpSync(dirname(dirname(program)), join(modules, "marketplace-jobs"), { recursive: true });
      for (const peer of ["kysely", "zod"]) {
        symlinkSync(
          fileURLToPath(new URL(`../../../node_modules/${peer}`, import.meta.url)),
          join(modules, peer),
          "junction",
        );
      }
      const { exitCode, stdout, stderr } = await run(["status"], {
        env: { DATABASE_URL: database.url },
        program: join(modules, "marketplace-jobs/dist/cli.js"),
      });
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toBe(
        "error: The command line connects through node-postgres, which is not installed: npm install pg\n",
      );
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  test("shows its name to whoever looks at the server", async ({ database, db }) => {
    await loadFleet(db, ["a"]);
    const lock = await holdLock(database.url, "user_1");
    const sync = new RunningProgram(["sync", "--lock-timeout", "1min"], { env: { DATABASE_URL: database.url } });
    try {
      await waitUntil(
        db,
        sql<boolean>`exists (
        select from pg_stat_activity
        where datname = current_database() and application_name = 'marketplace-jobs' and wait_event_type = 'Lock')`,
      );
    } finally {
      await lock.release();
    }
    expect((await sync.ended).exitCode).toBe(0);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
