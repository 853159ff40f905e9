import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { describe, expect } from "vitest";
import { syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { seededRandom } from "../../seeded-random.js";
import { hostKysely } from "./fleet.js";
import { batchesOfJobs, expectAllMigrated, loadLegacyFleet } from "./legacy-fleet.js";

const TENANTS = 15;
/** How many sessions are ended under the sync; more of them by hand: TERMINATIONS=200. */
const TERMINATIONS = Number(process.env["TERMINATIONS"] ?? 12);
const ENDED_PER_RUN = 4;
const SEED = Number(process.env["SEED"] ?? 20_261_123);

describe("sessions that the server ends under a sync", () => {
  test("cost their tenants an attempt, and nobody a migration or a job", async ({ database, db }) => {
    const schemas = await loadLegacyFleet(db, TENANTS);
    const before = await batchesOfJobs(db, schemas);
    const random = seededRandom(SEED);
    const victim = hostKysely({ connectionString: database.url, application_name: "victim" });
    let terminated = 0;
    try {
      while (terminated < TERMINATIONS) {
        const state = { isRunning: true };
        const run = syncTenantSchemas(victim, { throwOnFailure: false, maxAttempts: 50 }).finally(
          () => (state.isRunning = false),
        );
        // Not without end: a run whose every session is ended at once has no way to finish.
        for (let ended = 0; state.isRunning && ended < ENDED_PER_RUN; ended += 1) {
          await wait(random() * 100);
          const { rows } = await sql<{ ended: boolean }>`
            select pg_terminate_backend(pid) as ended from pg_stat_activity
            where application_name = 'victim' and datname = current_database() and state = 'active'
            order by pid limit 1`.execute(db);
          terminated += rows.length;
        }
        const report = await run;
        expect(report.summary.failed).toBe(0);
        await expectAllMigrated(db, schemas);
        expect(await batchesOfJobs(db, schemas)).toEqual(before);
        if (terminated < TERMINATIONS) {
          await syncTenantSchemas(db, { tenants: schemas, to: "0003_marketplace_job_stats" });
        }
      }
    } finally {
      await victim.destroy();
    }
    console.log(`${terminated} ended sessions survived (seed ${SEED})`);
  });
});
