import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sql } from "kysely";
import { describe, expect } from "vitest";
import {
  syncReportSchema,
  tenantSchemaPlanSchema,
  tenantSchemaStatusSchema,
  verifyReportSchema,
} from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { environment, program, run } from "./command-line.js";
import { loadFleet, recordedIn } from "./legacy-fleet.js";
import { nodeOfHosts } from "../node-of-hosts.js";

const LINKED = "0004_link_jobs_to_batches";
const DROPPED = "0005_drop_marketplace_jobs_batch_id";

describe("the commands, one after the other, on legacy tenants", () => {
  test("bring them up, verify them, take them back, and create a new one", async ({ database, db }) => {
    await loadFleet(db, ["a", "b", "c", "d", "e"]);
    const env = { DATABASE_URL: database.url };

    const before = await run(["status", "--fail-on-pending"], { env });
    expect(before.exitCode).toBe(3);
    expect(before.stdout).toMatch(/5 {2}tenant +– +5 {2}user_1, user_2, user_3 and 2 more/);
    expect(before.stderr).toContain("7 schemas: 7 lack migrations");

    const plan = await run(["plan"], { env });
    expect(plan.exitCode).toBe(0);
    expect(plan.stdout).toMatch(
      /5 {2}tenant .*user_1, user_2, user_3 and 2 more +5 migrations: 0001_batch_jobs … 0005_drop/,
    );

    expect((await run(["verify"], { env })).exitCode).toBe(1);

    const dryRun = await run(["sync", "--dry-run", "--fail-on-pending"], { env });
    expect(dryRun.exitCode).toBe(3);
    expect(dryRun.stdout).toMatch(/^Dry run, nothing was written\. 7 schemas in .*: 7 migrated$/m);

    const sync = await run(["sync", "--canary", "1"], { env });
    expect(sync.exitCode).toBe(0);
    expect(sync.stdout).toMatch(/^7 schemas in .*: 7 migrated$/m);

    const again = await run(["sync"], { env });
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toMatch(/: 7 up-to-date$/m);

    const verified = await run(["verify", "--fail-on-pending"], { env });
    expect(verified.stdout).toMatch(/^7 schemas in .*: 7 canonical$/m);
    expect(verified.exitCode).toBe(0);

    const back = await run(["rollback", "--to", LINKED, "--tenant", "user_2"], { env });
    expect(back.exitCode).toBe(0);
    expect(back.stdout).toMatch(/^1 schema in .*: 1 rolled-back$/m);
    expect((await recordedIn(db, "user_2")).at(-1)).toBe(LINKED);
    expect((await recordedIn(db, "user_1")).at(-1)).toBe(DROPPED);
    expect((await recordedIn(db, "template_tenant")).at(-1)).toBe(DROPPED);

    const created = await run(["provision", "user_4711"], { env });
    expect(created).toMatchObject({ exitCode: 0, stdout: "user_4711 created with 5 migrations\n", stderr: "" });
    const twice = await run(["provision", "user_4711"], { env });
    expect(twice.exitCode).toBe(1);
    expect(twice.stderr).toContain("TENANT_SCHEMA_EXISTS");
    expect(twice.stderr).toContain("to the newest migration, name it to sync: --tenant <schema>.");

    const status = await run(["status", "--fail-on-pending", "--verbose"], { env });
    expect(status.exitCode).toBe(3);
    expect(status.stdout).toMatch(/tenant +0004_link_jobs_to_batches +1 {2}user_2/);
  });

  test("rollback takes back what is beyond, and moves nothing forward", async ({ database, db }) => {
    await loadFleet(db, ["a", "b"]);
    const env = { DATABASE_URL: database.url };
    await run(["sync", "--to", "0002_marketplace_jobs", "--tenant", "user_1"], { env });
    await run(["sync", "--tenant", "user_2", "--no-template"], { env });
    const { exitCode, stdout } = await run(["rollback", "--to", LINKED, "--json"], { env });
    expect(exitCode).toBe(0);
    const { tenants } = syncReportSchema.parse(JSON.parse(stdout));
    expect(tenants.map(({ schema, outcome }) => [schema, outcome])).toEqual([["user_2", "rolled-back"]]);
    expect(await recordedIn(db, "user_1")).toEqual(["0001_batch_jobs", "0002_marketplace_jobs"]);

    const nothing = await run(["rollback", "--to", LINKED], { env });
    expect(nothing).toMatchObject({ exitCode: 0, stdout: "Nothing to do: no schema is concerned.\n" });
  });

  test("rollback of tenants by name takes the template along only when it is named too", async ({ database, db }) => {
    await loadFleet(db, ["e"]);
    const env = { DATABASE_URL: database.url };
    await run(["sync"], { env });
    const args = ["rollback", "--to", LINKED, "--tenant", "user_1", "--template", "template_tenant", "--json"];
    const { tenants } = syncReportSchema.parse(JSON.parse((await run(args, { env })).stdout));
    expect(tenants.map(({ schema, outcome }) => [schema, outcome])).toEqual([
      ["template_tenant", "rolled-back"],
      ["user_1", "rolled-back"],
    ]);
  });

  test("rollback refuses what would lose rows, and says so", async ({ database, db }) => {
    await loadFleet(db, ["a"]);
    const env = { DATABASE_URL: database.url };
    await run(["sync"], { env });
    const { exitCode, stdout } = await run(["rollback", "--to", "none", "--tenant", "user_1", "--no-template"], {
      env,
    });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/failed user_1 · 000\d_\w+ · DOWN_WOULD_LOSE_DATA \(SQLSTATE MJ006\)/);
    expect((await recordedIn(db, "user_1")).length).toBeGreaterThan(0);
  });
});

describe("standard output is the result alone", () => {
  test("as one JSON document that the exported schemas parse", async ({ database, db }) => {
    await loadFleet(db, ["a", "e"]);
    const env = { DATABASE_URL: database.url };
    const status = await run(["status", "--json"], { env });
    expect(tenantSchemaStatusSchema.array().parse(JSON.parse(status.stdout))).toHaveLength(4);
    const plan = await run(["plan", "--json"], { env });
    expect(tenantSchemaPlanSchema.array().parse(JSON.parse(plan.stdout))).toHaveLength(3);
    const dryRun = await run(["sync", "--dry-run", "--json", "--verbose"], { env });
    expect(syncReportSchema.parse(JSON.parse(dryRun.stdout))).toMatchObject({ dryRun: true, summary: { migrated: 4 } });
    const sync = await run(["sync", "--json", "--verbose"], { env });
    expect(syncReportSchema.parse(JSON.parse(sync.stdout))).toMatchObject({ status: "ok", summary: { migrated: 4 } });
    expect(sync.stderr).toContain("user_1: 0005_drop_marketplace_jobs_batch_id up in");
    const verify = await run(["verify", "--json"], { env });
    expect(verifyReportSchema.parse(JSON.parse(verify.stdout))).toMatchObject({ status: "ok" });
  });

  test("and with --quiet nothing is said beside it", async ({ database, db }) => {
    await loadFleet(db, ["e"]);
    const { exitCode, stdout, stderr } = await run(["sync", "--quiet"], { env: { DATABASE_URL: database.url } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("3 migrated");
  });

  test("and a plan's SQL is a script that does what sync does", async ({ database, db, pool }) => {
    await loadFleet(db, ["b"]);
    const env = { DATABASE_URL: database.url };
    const { exitCode, stdout } = await run(["plan", "--sql"], { env });
    expect(exitCode).toBe(0);
    await pool.query(stdout);
    const verified = await run(["verify", "--fail-on-pending"], { env });
    expect(verified.stdout).toMatch(/: 3 canonical$/m);
    expect(verified.exitCode).toBe(0);
  });
});

describe("output that finds no taker", () => {
  /** What a command comes to whose output is closed at its first words, and what it said besides. */
  async function endedUnheard(
    args: readonly string[],
    url: string,
    unheard: "stdout" | "stderr",
  ): Promise<{ readonly exitCode: unknown; readonly stderr: string }> {
    const child = spawn(nodeOfHosts, [program, ...args], { env: environment({ DATABASE_URL: url }) });
    let stderr = "";
    child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
    child.stdout.resume();
    child[unheard].once("data", () => child[unheard].destroy());
    const exitCode = await new Promise((resolve) => child.on("exit", resolve));
    return { exitCode, stderr };
  }

  test("is no failure when a reader goes away early", async ({ database, db }) => {
    await loadFleet(db, ["a"]);
    const { exitCode, stderr } = await endedUnheard(["plan", "--sql"], database.url, "stdout");
    expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
    expect(exitCode).toBe(0);
  });

  test("leaves the exit code and the page of a run in which a tenant failed", async ({ database, db }) => {
    await loadFleet(db, ["a"]);
    await sql`create view user_1.report as select batch_id from user_1.marketplace_jobs`.execute(db);
    const page = join(mkdtempSync(join(tmpdir(), "marketplace-jobs-unheard-")), "page.html");
    const { exitCode } = await endedUnheard(["sync", "--json", "--report", page], database.url, "stdout");
    expect(exitCode).toBe(1);
    expect(readFileSync(page, "utf8")).toContain("COLUMN_IN_USE");
    rmSync(dirname(page), { recursive: true });
  });

  test("does not break off a run when it is what the run says on the way", async ({ database, db }) => {
    await loadFleet(db, ["a", "b", "c", "d", "e"]);
    const { exitCode } = await endedUnheard(["sync", "--verbose", "--concurrency", "1"], database.url, "stderr");
    expect(exitCode).toBe(0);
    for (const number of [1, 2, 3, 4, 5]) expect(await recordedIn(db, `user_${number}`)).toHaveLength(5);
  });

  test.skipIf(!existsSync("/dev/full"))(
    "is a failure in one sentence when it cannot be stored",
    async ({ database, db }) => {
      await loadFleet(db, ["a"]);
      const full = openSync("/dev/full", "w");
      const child = spawn(nodeOfHosts, [program, "status", "--json"], {
        env: environment({ DATABASE_URL: database.url }),
        stdio: ["ignore", full, "pipe"],
      });
      closeSync(full);
      let stderr = "";
      child.stderr?.on("data", (text: Buffer) => (stderr += text.toString()));
      const exitCode = await new Promise((resolve) => child.on("exit", resolve));
      expect(stderr).toContain("error: the result could not be written: no space is left.");
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(exitCode).toBe(1);
    },
  );
});
