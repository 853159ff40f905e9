import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { describe, expect } from "vitest";
import { syncReportSchema, verifyReportSchema } from "../../../src/index.js";
import { databaseTest } from "../../database/fixtures.js";
import { RunningProgram, run } from "./command-line.js";
import { holdLock, loadFleet, recordedIn, waitUntil } from "./legacy-fleet.js";
import { migrationsFile } from "./migrations-file.js";

const test = databaseTest.extend("folder", ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), "marketplace-jobs-report-"));
  onCleanup(() => rmSync(folder, { recursive: true }));
  return folder;
});

/** The words of a page, without its markup. */
function wordsOf(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/s, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll(/\s+/g, " ");
}

/** A migration of the fleet waits for the lock that a test holds. */
const someoneWaits = sql<boolean>`exists (
  select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`;

function read(folder: string, file: string): string {
  return readFileSync(join(folder, file), "utf8");
}

describe("--report", () => {
  test("writes a page about a run in which tenants failed, beside the JSON, and says where it is", async ({
    database,
    db,
    folder,
  }) => {
    await loadFleet(db, ["a", "b", "c"]);
    await sql`create view user_1.report as select batch_id from user_1.marketplace_jobs`.execute(db);
    const lock = await holdLock(database.url, "user_2");
    const args = ["sync", "--lock-timeout", "50ms", "--max-attempts", "2", "--json", "--report", "page.html"];
    const { exitCode, stdout, stderr } = await run(args, { env: { DATABASE_URL: database.url }, cwd: folder }).finally(
      () => lock.release(),
    );
    expect(exitCode).toBe(1);
    expect(syncReportSchema.parse(JSON.parse(stdout)).summary).toMatchObject({ migrated: 3, failed: 2 });
    expect(stderr).toMatch(/^report: .*page\.html$/m);
    expect(readdirSync(folder)).toEqual(["page.html"]);
    const words = wordsOf(read(folder, "page.html"));
    expect(words).toContain("partial 2 of 5 schemas failed, 3 migrated");
    expect(words).toMatch(/COLUMN_IN_USE SQLSTATE MJ005 at 0005_drop_marketplace_jobs_batch_id · 1 schema/);
    expect(words).toMatch(/LOCK_TIMEOUT SQLSTATE 55P03 .* nightly-report idle in transaction/);
    // What is called an option by the library is a flag to whoever typed one.
    expect(words).toContain("or raise --lock-timeout.");
  });

  test("writes a page about what a dry run would do, about going back, and about a verification", async ({
    database,
    db,
    folder,
  }) => {
    await loadFleet(db, ["a", "e"]);
    const options = { env: { DATABASE_URL: database.url }, cwd: folder };
    expect((await run(["sync", "--dry-run", "--report", "dry.html"], options)).exitCode).toBe(0);
    expect(wordsOf(read(folder, "dry.html"))).toContain("Dry run. Nothing was written");
    expect(wordsOf(read(folder, "dry.html"))).toContain("ok 4 would be migrated of 4 schemas");

    const verify = await run(["verify", "--json", "--report", "verify.html"], options);
    expect(verify.exitCode).toBe(1);
    const { summary } = verifyReportSchema.parse(JSON.parse(verify.stdout));
    expect(wordsOf(read(folder, "verify.html"))).toContain(`drift ${summary.drifted} of 4 schemas drifted`);

    await run(["sync"], options);
    const back = ["rollback", "--to", "0004_link_jobs_to_batches", "--tenant", "user_1", "--no-template"];
    expect((await run([...back, "--report", "back.html"], options)).exitCode).toBe(0);
    expect(wordsOf(read(folder, "back.html"))).toContain("ok 1 rolled back of 1 schema");
    expect((await run([...back, "--report", "nothing.html"], options)).exitCode).toBe(0);
    expect(wordsOf(read(folder, "nothing.html"))).toContain("No schema was concerned.");
  });

  test.skipIf(process.platform === "win32")(
    "writes the page of a run that was interrupted",
    async ({ database, db, folder }) => {
      await loadFleet(db, ["a", "b", "c"]);
      const lock = await holdLock(database.url, "user_1");
      const args = ["sync", "--concurrency", "1", "--lock-timeout", "5min", "--report", join(folder, "page.html")];
      const sync = new RunningProgram(args, { env: { DATABASE_URL: database.url } });
      try {
        await waitUntil(
          db,
          sql<boolean>`exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`,
        );
        sync.signal("SIGINT");
        await sync.says("Stopping: the run was aborted");
      } finally {
        await lock.release();
      }
      expect((await sync.ended).exitCode).toBe(130);
      expect(wordsOf(read(folder, "page.html"))).toContain("aborted stopped before its end: ");
    },
  );

  test("that can no longer be written when the run is over makes the exit code 1, and takes nothing from the result", async ({
    database,
    db,
    folder,
  }) => {
    await loadFleet(db, ["a"]);
    const vanishing = join(folder, "vanishing");
    mkdirSync(vanishing);
    const lock = await holdLock(database.url, "user_1");
    const args = ["sync", "--lock-timeout", "5min", "--json", "--report", join(vanishing, "page.html")];
    const sync = new RunningProgram(args, { env: { DATABASE_URL: database.url } });
    try {
      await waitUntil(db, someoneWaits);
      rmSync(vanishing, { recursive: true });
    } finally {
      await lock.release();
    }
    const { exitCode, stdout, stderr } = await sync.ended;
    expect(exitCode).toBe(1);
    expect(syncReportSchema.parse(JSON.parse(stdout)).status).toBe("ok");
    expect(stderr).toContain("error: the report could not be written: there is no such folder.");
  });

  test("replaces an older page at one stroke, through a link, and keeps it when there is no report", async ({
    database,
    db,
    folder,
  }) => {
    await loadFleet(db, ["e"]);
    const options = { env: { DATABASE_URL: database.url }, cwd: folder };
    writeFileSync(join(folder, "page.html"), "the older page");
    symlinkSync("page.html", join(folder, "latest.html"));
    const unknown = await run(["sync", "--tenant", "user_99", "--report", "latest.html"], options);
    expect(unknown.exitCode).toBe(2);
    expect(read(folder, "page.html")).toBe("the older page");
    expect((await run(["sync", "--quiet", "--report", "latest.html"], options)).stderr).toBe("");
    expect(wordsOf(read(folder, "page.html"))).toContain("3 migrated of 3 schemas");
    expect(readdirSync(folder).toSorted()).toEqual(["latest.html", "page.html"]);
  });

  test("that cannot be written is wrong usage before anything runs", async ({ database, db, folder }) => {
    await loadFleet(db, ["e"]);
    writeFileSync(join(folder, "file"), "");
    const refused = {
      "nowhere/page.html": "there is no such folder.",
      "file/page.html": "what should be its folder is a file.",
      ".": "is a folder; name a file in it.",
      "": "names no file.",
      "/dev/null": "is no regular file.",
    };
    for (const [path, reason] of Object.entries(refused)) {
      const { exitCode, stdout, stderr } = await run(["sync", `--report=${path}`], {
        env: { DATABASE_URL: database.url },
        cwd: folder,
      });
      expect({ path, exitCode, stdout }).toEqual({ path, exitCode: 2, stdout: "" });
      expect(stderr).toContain(`--report "${path}" `);
      expect(stderr).toContain(reason);
    }
    await expect(recordedIn(db, "user_1")).rejects.toThrow(/does not exist/);
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  test("never takes the place of the host's migrations, by whatever name", async ({ database, folder }) => {
    const migrations = migrationsFile(`{ "0100_products": { up: async () => {} } }`);
    const source = readFileSync(migrations, "utf8");
    symlinkSync(migrations, join(folder, "link.js"));
    for (const command of [["sync"], ["rollback", "--to", "none"]]) {
      for (const path of [migrations, "link.js"]) {
        const { exitCode, stderr } = await run([...command, "--migrations", migrations, "--report", path], {
          env: { DATABASE_URL: database.url },
          cwd: folder,
        });
        expect(exitCode).toBe(2);
        expect(stderr).toContain("is the file of --migrations.");
      }
    }
    expect(readFileSync(migrations, "utf8")).toBe(source);
  });

  test("keeps a password out that a migration's message holds", async ({ database, db, folder }) => {
    await loadFleet(db, ["e"]);
    const migrations = migrationsFile(
      `{ "0100_remote": { up: async () => { throw new Error("cannot connect to postgres://admin:s3cret&<@host/db"); } } }`,
    );
    const args = ["sync", "--migrations", migrations, "--report", "page.html"];
    expect((await run(args, { env: { DATABASE_URL: database.url }, cwd: folder })).exitCode).toBe(1);
    const page = read(folder, "page.html");
    expect(page).toContain("cannot connect to postgres://***@host/db");
    expect(page).not.toContain("s3cret");
  });
});
