import { sql } from "kysely";
import { describe, expect } from "vitest";
import { syncReportSchema } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { startCuttingProxy } from "../../integration/sync/cutting-proxy.js";
import { run } from "./command-line.js";
import { holdLock, loadFleet, recordedIn } from "./legacy-fleet.js";

describe("a tenant that fails", () => {
  test("is told with code, SQLSTATE, migration, hint and blocker, keeps no other back, and makes the exit code 1", async ({
    database,
    db,
  }) => {
    await loadFleet(db, ["a", "b", "c"]);
    const env = { DATABASE_URL: database.url };
    const lock = await holdLock(database.url, "user_2");
    const args = ["sync", "--lock-timeout", "50ms", "--max-attempts", "2"];
    const { exitCode, stdout, stderr } = await run(args, { env }).finally(() => lock.release());
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/4 migrated, 1 failed/);
    expect(stdout).toMatch(/failed user_2 · 000\d_\w+ · LOCK_TIMEOUT \(SQLSTATE 55P03\)/);
    expect(stdout).toContain(
      "hint: Another session kept the tenant's tables locked. Run again when it is quiet, or raise --lock-timeout.",
    );
    expect(stdout).toMatch(/blocked by process \d+ \(nightly-report, idle in transaction, [\d.]+ m?s\)/);
    expect(stderr).toMatch(/^failed user_2: /m);
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
    expect(await run(["sync"], { env })).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("1 migrated") });
  });

  test("stops the others when that was asked for", async ({ database, db }) => {
    await loadFleet(db, ["a", "b", "c"]);
    const env = { DATABASE_URL: database.url };
    await sql`create view user_1.report as select batch_id from user_1.marketplace_jobs`.execute(db);
    const args = ["sync", "--concurrency", "1", "--max-failures", "1", "--json"];
    const { exitCode, stdout, stderr } = await run(args, { env });
    expect(exitCode).toBe(1);
    const { tenants } = syncReportSchema.parse(JSON.parse(stdout));
    expect(tenants.slice(2).map(({ schema, outcome }) => [schema, outcome])).toEqual([
      ["user_1", "failed"],
      ["user_2", "skipped"],
      ["user_3", "skipped"],
    ]);
    expect(stderr).toContain("Stopping: 1 tenants failed and --max-failures is 1");
    expect(await recordedIn(db, "user_1")).toHaveLength(4);
  });

  test("stands with those that failed in the same way", async ({ database, db }) => {
    await loadFleet(db, ["e", "e", "e", "e", "e"]);
    for (const schema of ["user_1", "user_2", "user_3", "user_4"]) {
      await sql`create view ${sql.table(`${schema}.batch_jobs`)} as select 1 as id`.execute(db);
    }
    const { exitCode, stdout } = await run(["sync"], { env: { DATABASE_URL: database.url } });
    expect(exitCode).toBe(1);
    expect(stdout.match(/^failed /gm)).toHaveLength(1);
    expect(stdout).toMatch(/failed user_1, user_2, user_3 and 1 more · 0001_batch_jobs/);
  });

  test("stands with those whose message differs by the schema's name alone, and repeats itself twenty times at most", async ({
    database,
    db,
  }) => {
    for (let number = 1; number <= 23; number++) await db.schema.createSchema(`user_${number}`).execute();
    const role = `${database.name}_reader`;
    await sql`create role ${sql.id(role)} login password 'reader'`.execute(db);
    try {
      const url = new URL(database.url);
      url.username = role;
      url.password = "reader";
      const env = { DATABASE_URL: url.href };
      const { exitCode, stdout, stderr } = await run(["sync", "--no-template", "--no-shared-schema"], { env });
      expect(exitCode).toBe(1);
      expect(stdout.match(/^failed /gm)).toHaveLength(1);
      expect(stdout).toMatch(
        /^failed user_1, user_10, user_11 and 20 more · PERMISSION_DENIED.*\n {2}permission denied for schema <schema>$/m,
      );
      const told = stderr.match(/^failed .*/gm) ?? [];
      expect(told).toHaveLength(21);
      expect(told.at(-1)).toMatch(/^failed user_1: permission denied for schema user_1 .*, and 3 more like it$/);

      const loud = await run(["sync", "--no-template", "--no-shared-schema", "--verbose"], { env });
      expect(loud.stderr.match(/^failed .*/gm)).toHaveLength(23);

      const verified = await run(["verify", "--no-template", "--no-shared-schema"], { env });
      expect(verified.exitCode).toBe(1);
      expect(verified.stdout.match(/^unreadable .*/gm)).toEqual([
        "unreadable user_1, user_10, user_11 and 20 more: permission denied for schema <schema> (PERMISSION_DENIED)",
      ]);
      const status = await run(["status", "--no-template", "--no-shared-schema"], { env });
      expect(status.stdout).toContain("cannot be read: permission denied for schema <schema> (PERMISSION_DENIED)");
    } finally {
      await sql`drop role ${sql.id(role)}`.execute(db);
    }
  });

  test("as a canary that no tenant is called is told in flags", async ({ database, db }) => {
    await loadFleet(db, ["e"]);
    const { exitCode, stderr } = await run(["sync", "--canary", "user_99"], { env: { DATABASE_URL: database.url } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("hint: Name schemas that --tenant or --tenants-matching selects, or say how many");
  });

  test("that may not be read makes status fail, and says why", async ({ database, db }) => {
    await loadFleet(db, ["e"]);
    const role = `${database.name}_reader`;
    await sql`create role ${sql.id(role)} login password 'reader'`.execute(db);
    try {
      const url = new URL(database.url);
      url.username = role;
      url.password = "reader";
      const { exitCode, stdout } = await run(["status"], { env: { DATABASE_URL: url.href } });
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(/user_1 +cannot be read: permission denied for schema user_1 \(PERMISSION_DENIED\)/);
    } finally {
      await sql`drop role ${sql.id(role)}`.execute(db);
    }
  });

  test("that does not exist is wrong usage", async ({ database, db }) => {
    await loadFleet(db, ["e"]);
    const { exitCode, stderr } = await run(["sync", "--tenant", "user_99"], { env: { DATABASE_URL: database.url } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('There is no schema "user_99". (UNKNOWN_TENANT_SCHEMA)');
  });
});

test("a drifted schema makes verify fail and is described", async ({ database, db }) => {
  await loadFleet(db, ["a"]);
  const env = { DATABASE_URL: database.url };
  await run(["sync"], { env });
  await sql`drop index user_1.marketplace_jobs_claim_idx`.execute(db);
  const { exitCode, stdout } = await run(["verify"], { env });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /^drifted user_1: 1 difference\n {2}.*marketplace_jobs_claim_idx.* is missing.*\(repair mends it\)$/m,
  );
});

describe("a connection that is lost", () => {
  test("in the middle of a migration is replaced: the migration is done once, and the run goes on", async ({
    database,
    db,
  }) => {
    await loadFleet(db, ["a", "b"]);
    const proxy = await startCuttingProxy(database.url);
    try {
      proxy.cutNext('"user_2".marketplace_jobs', "before");
      const { exitCode, stdout, stderr } = await run(["sync"], { env: { DATABASE_URL: proxy.url } });
      expect(stderr).not.toMatch(/^\s+at /m);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/4 migrated/) });
      expect(await recordedIn(db, "user_2")).toHaveLength(5);
    } finally {
      await proxy.stop();
    }
  });

  test("to a server that does not come back ends a reading with one line and exit code 1", async ({ database, db }) => {
    await loadFleet(db, ["a"]);
    const proxy = await startCuttingProxy(database.url);
    try {
      proxy.cutNext("pg_catalog.pg_namespace", "before");
      const { exitCode, stdout, stderr } = await run(["status"], { env: { DATABASE_URL: proxy.url } });
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(stderr).toMatch(/^error: .*(Connection terminated unexpectedly|ECONNRESET)/);
    } finally {
      await proxy.stop();
    }
  });
});
