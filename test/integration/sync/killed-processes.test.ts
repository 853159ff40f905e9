import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect } from "vitest";
import { syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { batchesOfJobs, expectAllMigrated, loadLegacyFleet } from "./legacy-fleet.js";
import { seededRandom } from "../../seeded-random.js";

const TENANTS = 15;
/** How often a process is killed; more of them by hand: KILLS=100. */
const KILLS = Number(process.env["KILLS"] ?? 6);
const SEED = Number(process.env["SEED"] ?? 20_261_123);

const program = fileURLToPath(new URL("programs/sync-and-say.ts", import.meta.url));

describe("a process that is killed at any moment", () => {
  test("leaves every tenant with whole migrations, and one more run finishes the work", async ({ database, db }) => {
    const schemas = await loadLegacyFleet(db, TENANTS);
    const before = await batchesOfJobs(db, schemas);
    const random = seededRandom(SEED);
    let killed = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = spawn(process.execPath, ["--import", "tsx", program], {
        env: { ...process.env, DATABASE_URL: database.url },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = once(child, "exit");
      await Promise.race([once(child.stdout, "data"), ended]);
      await wait(random() * 250);
      if (child.kill("SIGKILL")) killed += 1;
      await ended;
      if (kill % 3 === 2) {
        await syncTenantSchemas(db, { tenants: schemas, to: "0002_marketplace_jobs" }).catch(() => {});
      }
    }
    await syncTenantSchemas(db);

    await expectAllMigrated(db, schemas);
    expect(await batchesOfJobs(db, schemas)).toEqual(before);
    console.log(`${killed} killed processes survived (seed ${SEED})`);
  });
});
