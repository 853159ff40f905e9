/** The main job on real input: legacy tenants in, clean tenants out, and jobs found by their batch's string id. */
import { Kysely, PostgresDialect } from "kysely";
import { forTenant, planTenantSchemas, syncTenantSchemas, verifyTenantSchemas } from "marketplace-jobs";
import pg from "pg";
import { startEmbeddedServer } from "../../test/database/embedded-server.js";
import { printHeading, printTable } from "./console-table.js";
import { printDifferences } from "./differences.js";
import { countFleet, loadFleet, tenantsWithJobs } from "./fleet.js";
import { readBatchStrings, rollBackAndForward } from "./round-trip.js";
import { printPlan } from "./show-plan.js";
import { SyncProgress } from "./sync-progress.js";

/** Ends the demo with an error when what it is about to show did not happen. */
function must(isTrue: boolean, statement: string): void {
  if (!isTrue) throw new Error(`Not so: ${statement}`);
  console.log(`✓ ${statement}`);
}

async function demonstrate(db: Kysely<any>): Promise<void> {
  printHeading("Legacy tenants in");
  const tenants = await loadFleet(db);
  const before = await countFleet(db, tenants);
  console.log(
    `The template and ${tenants.length} tenants of five kinds, ${before.jobs} jobs. How far from canonical:\n`,
  );
  printDifferences(await verifyTenantSchemas(db), tenants);

  printHeading("The plan");
  const plans = await planTenantSchemas(db);
  printPlan(plans);

  printHeading("The sync");
  const example = tenantsWithJobs(tenants).find(({ variant }) => variant === "a")?.schema ?? "";
  const originalStrings = await readBatchStrings(db, example);
  const progress = new SyncProgress(plans.reduce((sum, { schemas }) => sum + schemas.length, 0));
  const report = await syncTenantSchemas(db, { onEvent: progress.hear }).finally(() => progress.stop());
  const { migrated, failed, p50Ms, p95Ms } = report.summary;
  console.log(
    `${migrated} schemas migrated, ${failed} failed, in ${Math.round(report.durationMs)} ms; ` +
      `half of them took up to ${Math.round(p50Ms)} ms, 95 % up to ${Math.round(p95Ms)} ms each`,
  );

  printHeading("Verified");
  const verified = await verifyTenantSchemas(db);
  const after = await countFleet(db, tenants);
  printTable(
    ["", "before", "after"],
    [
      ["jobs", before.jobs, after.jobs],
      ["jobs that belong to a batch", before.jobsOfBatches, after.jobsOfBatches],
      ["… of them found by the key", before.linkedJobs, after.linkedJobs],
      ["batches", before.batchRows, after.batchRows],
      ["tenants with the deprecated column", before.deprecatedColumns, after.deprecatedColumns],
    ],
  );
  const ours = verified.tenants.filter(({ role }) => role !== "shared");
  must(new Set(ours.map(({ fingerprint }) => fingerprint)).size === 1, `one fingerprint: ${ours[0]?.fingerprint}`);
  must(verified.summary.drifted === 0, "no schema differs from the canonical structure");
  must(after.deprecatedColumns === 0, "no marketplace_jobs.batch_id is left");
  must(after.jobs === before.jobs, `the same ${after.jobs} jobs`);
  must(after.linkedJobs === before.jobsOfBatches, "every job that belonged to a batch is linked to it");
  const second = await syncTenantSchemas(db);
  must(second.summary["up-to-date"] === second.tenants.length, "a second sync finds nothing to do");

  printHeading("Jobs found by their batch id");
  const stringOnly = "publish_20260112_101544_c0ffee42";
  const tenant = tenantsWithJobs(tenants).find(({ variant }) => variant === "c")?.schema ?? "";
  const { jobs, batches } = forTenant(db, tenant);
  const found = await jobs.getJobsByBatchId(stringOnly);
  const summary = await batches.getBatchSummary(stringOnly);
  console.log(`${tenant} had no batch table; ${stringOnly} was nothing but a string on its jobs.`);
  printTable(
    ["job", "status", "priority", "created"],
    found.slice(0, 5).map(({ id, status, priority, createdAt }) => [id, status, priority, createdAt.toISOString()]),
  );
  console.log(
    `… and ${found.length - 5} more; the batch is ${summary?.status}, ${summary?.progressPercent} % completed`,
  );
  must(found.length === 25, "getJobsByBatchId gives exactly the 25 jobs that carried the string");

  printHeading("Back and forward");
  const restoredStrings = await rollBackAndForward(db, example);
  must(
    [...originalStrings].every(([ref, string]) => restoredStrings.get(ref) === string),
    `${example} went back before the drop: all ${originalStrings.size} strings are there again, as they were`,
  );
  must(
    (await verifyTenantSchemas(db)).summary.pending === 0,
    `${example} went forward again: every schema is up to date`,
  );
}

const startedAt = Date.now();
const server = await startEmbeddedServer({ version: "18" });
const db = new Kysely<any>({
  dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: server.url, max: 8 }) }),
});
try {
  await demonstrate(db);
  console.log(`\nDone in ${((Date.now() - startedAt) / 1_000).toFixed(1)} s, the server's start included.`);
} finally {
  await db.destroy();
  await server.stop();
}
