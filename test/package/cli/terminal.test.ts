import { sql } from "kysely";
import { describe, expect } from "vitest";
import { syncReportSchema } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { RunningProgram } from "./command-line.js";
import { holdLock, loadFleet, recordedIn, waitUntil } from "./legacy-fleet.js";
import { CTRL_C, Terminal } from "./terminal.js";

/** A migration of the fleet waits for the lock that a test holds. */
const someoneWaits = sql<boolean>`exists (
  select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`;

const PATIENT = ["sync", "--concurrency", "2", "--lock-timeout", "5min"];

describe("on a terminal", () => {
  test("a bar shows how many are done, the rate, failures and who is slowest, and gives way to the report", async ({
    database,
    db,
  }) => {
    await loadFleet(db, ["a", "b", "c", "d", "e"]);
    const lock = await holdLock(database.url, "user_2");
    const terminal = new Terminal(PATIENT, { env: { DATABASE_URL: database.url } });
    try {
      await terminal.shows(/█+░+ 6\/7 schemas · [\d.]+\/s · 0 failed · user_2 for [\d.]+ m?s/);
    } finally {
      await lock.release();
    }
    expect(await terminal.ended).toBe(0);
    expect(terminal.text).toMatch(/7 schemas in .*: 7 migrated\r\n/);
    // The cursor and the wrapping of lines come back, and the bar is wiped before the report is written.
    expect(terminal.output.lastIndexOf("\u001b[?25h")).toBeGreaterThan(terminal.output.lastIndexOf("\u001b[?25l"));
    expect(terminal.output.lastIndexOf("\u001b[?7h")).toBeGreaterThan(terminal.output.lastIndexOf("\u001b[?7l"));
    expect(terminal.output.lastIndexOf("\u001b[0J")).toBeGreaterThan(terminal.output.lastIndexOf("█"));
  });

  test("what is said meanwhile stands on lines of its own above the bar", async ({ database, db }) => {
    await loadFleet(db, ["a", "b"]);
    await sql`create view user_1.report as select batch_id from user_1.marketplace_jobs`.execute(db);
    const lock = await holdLock(database.url, "user_2");
    const terminal = new Terminal(PATIENT, { env: { DATABASE_URL: database.url } });
    try {
      await terminal.shows(
        /[^█░]failed user_1: 0005_drop_marketplace_jobs_batch_id: .* \(COLUMN_IN_USE, SQLSTATE MJ005\)\r\n/,
      );
      await terminal.shows(/1 failed · user_2/);
    } finally {
      await lock.release();
    }
    expect(await terminal.ended).toBe(1);
  });

  test.for([
    ["by NO_COLOR", [], { NO_COLOR: "1" }],
    ["by --no-color", ["--no-color"], {}],
  ] as const)("colours are left out %s", async ([, flags, env], { database, db }) => {
    await loadFleet(db, ["e"]);
    const colour = /\u001b\[[\d;]*m/;
    const plain = new Terminal(["sync", "--dry-run", ...flags], { env: { DATABASE_URL: database.url, ...env } });
    expect(await plain.ended).toBe(0);
    expect(plain.output).not.toMatch(colour);
    const coloured = new Terminal(["sync", "--dry-run"], { env: { DATABASE_URL: database.url } });
    expect(await coloured.ended).toBe(0);
    expect(coloured.output).toMatch(colour);
  });

  test.for([
    ["a pipeline", { CI: "true" }],
    ["a terminal that can do nothing", { TERM: "dumb" }],
  ] as const)("%s gets plain lines", async ([, env], { database, db }) => {
    await loadFleet(db, ["a", "b"]);
    const terminal = new Terminal(["sync"], { env: { DATABASE_URL: database.url, ...env } });
    expect(await terminal.ended).toBe(0);
    expect(terminal.output).not.toContain("█");
    expect(terminal.output).not.toContain("\u001b[?25l");
  });
});

describe("Ctrl-C", () => {
  test("finishes the tenants that are at work, starts no other, reports, and ends with 130", async ({
    database,
    db,
  }) => {
    await loadFleet(db, ["a", "b", "c", "d", "e"]);
    const lock = await holdLock(database.url, "user_1");
    const terminal = new Terminal(["sync", "--concurrency", "1", "--lock-timeout", "5min"], {
      env: { DATABASE_URL: database.url },
    });
    try {
      await waitUntil(db, someoneWaits);
      terminal.type(CTRL_C);
      await terminal.shows(
        "Interrupted: what runs is finished, nothing more is started. Ctrl-C again cancels what runs.",
      );
      await terminal.shows("Stopping: the run was aborted");
    } finally {
      await lock.release();
    }
    expect(await terminal.ended).toBe(130);
    expect(terminal.text).toMatch(/7 schemas in .*: \d migrated, \d skipped/);
    expect((await recordedIn(db, "user_1")).length).toBeGreaterThan(0);
  });

  test("a second time cancels what runs: the tenant is as it was before that migration", async ({ database, db }) => {
    await loadFleet(db, ["a", "b"]);
    const lock = await holdLock(database.url, "user_1");
    const terminal = new Terminal(["sync", "--concurrency", "1", "--lock-timeout", "5min", "--json"], {
      env: { DATABASE_URL: database.url },
    });
    try {
      await waitUntil(db, someoneWaits);
      const recorded = await recordedIn(db, "user_1").catch(() => []);
      terminal.type(CTRL_C);
      await terminal.shows("Ctrl-C again cancels what runs.");
      // Until the program takes it for another press than the first.
      while (!terminal.text.includes("what runs is cancelled")) {
        terminal.type(CTRL_C);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(await terminal.ended).toBe(130);
      expect(await recordedIn(db, "user_1").catch(() => [])).toEqual(recorded);
    } finally {
      await lock.release();
    }
    expect(terminal.text).toContain('"status": "aborted"');
    expect(terminal.text).toContain('"failed": 0');
    expect(terminal.text).toContain("Cancelled in 000");
    expect(terminal.text).not.toContain("STATEMENT_TIMEOUT");
  });

  test("that a package runner hands on a second time counts once", async ({ database, db }) => {
    await loadFleet(db, ["a", "b"]);
    const lock = await holdLock(database.url, "user_1");
    const sync = new RunningProgram(["sync", "--lock-timeout", "5min", "--json"], {
      env: { DATABASE_URL: database.url },
    });
    try {
      await waitUntil(db, someoneWaits);
      sync.signal("SIGINT");
      sync.signal("SIGTERM");
      await sync.says("nothing more is started");
    } finally {
      await lock.release();
    }
    const { exitCode, stdout, stderr } = await sync.ended;
    expect(exitCode).toBe(130);
    expect(stderr).not.toContain("what runs is cancelled");
    expect(syncReportSchema.parse(JSON.parse(stdout))).toMatchObject({ status: "aborted", summary: { failed: 0 } });
  });

  test("ends a command that only looks at once", async ({ database, db }) => {
    await loadFleet(db, ["a"]);
    await sql`create table user_1.marketplace_jobs_migration (name varchar(255) primary key, "timestamp" varchar(255))`.execute(
      db,
    );
    const holder = await holdLock(database.url, "user_1", "marketplace_jobs_migration", "access exclusive");
    const status = new RunningProgram(["status"], { env: { DATABASE_URL: database.url } });
    try {
      await waitUntil(db, someoneWaits);
      status.signal("SIGINT");
      const { exitCode, stdout, stderr } = await status.ended;
      expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: "" });
      expect(stderr).toContain("Interrupted before there was anything to report.");
    } finally {
      await holder.release();
    }
  });
});
