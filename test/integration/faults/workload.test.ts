import { type Kysely, sql } from "kysely";
import { afterAll, describe, expect } from "vitest";
import { forTenant, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { seededRandom } from "../../seeded-random.js";
import { batchesOfJobs, expectAllMigrated, loadLegacyFleet } from "../sync/legacy-fleet.js";
import { countedMigrations } from "./counted-migrations.js";
import { runNewCode } from "./new-code.js";
import { runOldCode } from "./old-code.js";
import { faultsOf, SEED, timeoutFor } from "./survived-faults.js";
import { WorkloadMeter } from "./workload-meter.js";

const TENANTS = 5;
const LINK = "0004_link_jobs_to_batches";
const migrations = countedMigrations;

/** How often the tenants are migrated there and back under the load; more by hand. */
const TURNS = faultsOf(2);

const said: string[] = [];

async function tablesOf(db: Kysely<any>, name: string): Promise<string[]> {
  const { rows } = await sql<{ schema: string }>`
    select schemaname as schema from pg_tables where tablename = ${name} and schemaname ~ '^user_' order by 1`.execute(
    db,
  );
  return rows.map(({ schema }) => schema);
}

/**
 * Nothing may fail: a migration holds its locks for milliseconds, and waits for one no longer than its lock timeout,
 * which is below the server's deadlock timeout, so that it is never the application that has to give way.
 */
describe("while an application reads and writes in all tenants", () => {
  afterAll(() => console.log(`A full run under load (seed ${SEED}):\n${said.join("\n")}`));

  test(
    "none of the old code's statements fails before 0005, and what it wrote is linked",
    { timeout: timeoutFor(TURNS) },
    async ({ db, pool }) => {
      const schemas = await loadLegacyFleet(db, TENANTS);
      const before = await batchesOfJobs(db, schemas);
      const meter = new WorkloadMeter();
      let isOver = false;
      const [withJobs, withBatches] = [await tablesOf(db, "marketplace_jobs"), await tablesOf(db, "batch_jobs")];
      const writers = [1, 2, 3].map((writer) =>
        runOldCode({
          pool,
          schemas: withJobs,
          withBatches,
          random: seededRandom(SEED + writer),
          meter,
          isOver: () => isOver,
        }),
      );
      try {
        for (let turn = 0; turn < TURNS; turn += 1) {
          if (turn > 0) await syncTenantSchemas(db, { migrations, to: "0003_marketplace_job_stats", maxAttempts: 100 });
          await syncTenantSchemas(db, { migrations, to: LINK, maxAttempts: 100 });
        }
      } finally {
        isOver = true;
      }
      const written = new Map((await Promise.all(writers)).flatMap((some) => [...some]));
      said.push(`  old code, up to 0004:  ${meter.toString()}`);
      expect(meter.errors).toEqual([]);
      expect(written.size).toBeGreaterThan(10);

      await syncTenantSchemas(db, { migrations });
      await expectAllMigrated(db, schemas, Object.keys(migrations));
      const after = new Set(await batchesOfJobs(db, schemas));
      expect(before.filter((job) => !after.has(job))).toEqual([]);
      const linked = new Map<string, string>();
      for (const schema of withJobs) {
        const { rows } = await sql<{ id: number; batchId: string }>`
          select job.id, batch.batch_id as "batchId" from ${sql.table(`${schema}.marketplace_jobs`)} as job
          join ${sql.table(`${schema}.batch_jobs`)} as batch on batch.id = job.batch_job_id`.execute(db);
        for (const { id, batchId } of rows) linked.set(`${schema} ${id}`, batchId);
        expect(await forTenant(db, schema).batches.auditBatches(), schema).toEqual([]);
      }
      for (const [job, string] of written) expect(linked.get(job), job).toBe(string);
    },
  );

  test(
    "none of the new code's calls fails while 0005 and a host's own migrations come and go, and the counters are right",
    { timeout: timeoutFor(TURNS) },
    async ({ db }) => {
      const schemas = await loadLegacyFleet(db, TENANTS);
      await syncTenantSchemas(db, { migrations, to: LINK });
      const meter = new WorkloadMeter();
      let isOver = false;
      const workers = schemas.map((schema, index) =>
        runNewCode({ db, schema, random: seededRandom(SEED + index), meter, isOver: () => isOver }),
      );
      try {
        for (let turn = 0; turn < TURNS; turn += 1) {
          await syncTenantSchemas(db, { migrations, maxAttempts: 100 });
          if (turn < TURNS - 1) await syncTenantSchemas(db, { migrations, to: LINK, maxAttempts: 100 });
        }
      } finally {
        isOver = true;
      }
      const results = await Promise.all(workers);
      said.push(`  new code, 0005 and on: ${meter.toString()}`);
      expect(meter.errors).toEqual([]);
      await expectAllMigrated(db, schemas, Object.keys(migrations));
      for (const [index, schema] of schemas.entries()) {
        const { batches } = forTenant(db, schema);
        const { created = [], finished = [] } = results[index] ?? {};
        expect(await batches.auditBatches(), schema).toEqual([]);
        expect(new Set(finished).size, "each batch was done once").toBe(finished.length);
        for (const batchId of created) expect(await batches.getBatchByBatchId(batchId)).toMatchObject({ batchId });
      }
    },
  );
});
