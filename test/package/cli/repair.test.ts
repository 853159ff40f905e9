import { sql } from "kysely";
import { expect } from "vitest";
import { repairReportSchema } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { run } from "./command-line.js";
import { holdLock, loadFleet } from "./legacy-fleet.js";

test("repair shows the SQL first, then mends, and has nothing left to do", async ({ database, db }) => {
  await loadFleet(db, ["a", "b", "c"]);
  const env = { DATABASE_URL: database.url };
  await run(["sync"], { env });
  for (const schema of ["user_1", "user_2"]) {
    await sql`drop index ${sql.table(`${schema}.marketplace_jobs_claim_idx`)}`.execute(db);
  }
  const dryRun = await run(["repair", "--dry-run", "--verbose"], { env });
  expect(dryRun.exitCode).toBe(0);
  expect(dryRun.stdout).toMatch(/^repaired user_1, user_2\n {2}.*marketplace_jobs_claim_idx.*\n {4}create index/m);
  expect(dryRun.stdout).toMatch(/^Dry run, nothing was written\. /m);
  expect((await run(["verify"], { env })).exitCode).toBe(1);

  const repair = await run(["repair", "--json"], { env });
  expect(repair.exitCode).toBe(0);
  const { tenants } = repairReportSchema.parse(JSON.parse(repair.stdout));
  expect(tenants.filter(({ outcome }) => outcome === "repaired").map(({ schema }) => schema)).toEqual([
    "user_1",
    "user_2",
  ]);
  expect((await run(["verify"], { env })).exitCode).toBe(0);
  expect(await run(["repair"], { env })).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/: 5 canonical$/m),
  });
});

test("what cannot be mended without loss is refused, with the reason, and makes the exit code 1", async ({
  database,
  db,
}) => {
  await loadFleet(db, ["a"]);
  const env = { DATABASE_URL: database.url };
  await run(["sync"], { env });
  await sql`alter table user_1.batch_jobs alter column priority type text using priority::text`.execute(db);
  const { exitCode, stdout } = await run(["repair"], { env });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^refused user_1\n {2}not: column batch_jobs\.priority .*: \S/m);
});

test("a busy tenant is told with who keeps it", async ({ database, db }) => {
  await loadFleet(db, ["a"]);
  const env = { DATABASE_URL: database.url };
  await run(["sync"], { env });
  await sql`drop index user_1.marketplace_jobs_claim_idx`.execute(db);
  const lock = await holdLock(database.url, "user_1", "marketplace_jobs", "row exclusive");
  const { exitCode, stdout } = await run(["repair", "--lock-timeout", "50ms", "--max-attempts", "1"], { env }).finally(
    () => lock.release(),
  );
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^failed user_1 · LOCK_TIMEOUT \(SQLSTATE 55P03\)/m);
  expect(stdout).toMatch(/blocked by process \d+ \(nightly-report, /);
});
