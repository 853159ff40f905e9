/**
 * The step of a deploy pipeline that brings all tenants to the newest migration, before the new code is rolled out.
 *
 *     DATABASE_URL=postgres://… node migrate.js [the last migration to apply]
 *
 * Ends with 0 when every tenant is where it should be, and with 1 otherwise, which stops the pipeline. The report is
 * kept as sync-report.json. A second run takes up where the first ended.
 */
import { writeFile } from "node:fs/promises";
import { Kysely, PostgresDialect } from "kysely";
import { MarketplaceJobsError, type SyncEvent, syncTenantSchemas } from "marketplace-jobs";
import pg from "pg";
import { migrations } from "./migrations.js";

const CONCURRENCY = 4;

const pool = new pg.Pool({
  connectionString: process.env["DATABASE_URL"],
  application_name: "shop-migrate",
  // Two more than tenants at the same time: one to see who blocks whom, one to knock at a server that went away.
  max: CONCURRENCY + 2,
  // A server process keeps what it has learnt of every tenant it migrated; its successor begins anew.
  maxUses: 250,
});
// A connection that breaks, idle or in use, would otherwise end the script. One in use fails its statement as well.
pool.on("error", (error) => console.error(`idle connection: ${error.message}`));
pool.on("connect", (client) => client.on("error", () => {}));
const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });

// A pipeline that is cancelled sends SIGTERM: tenants at work are finished, no other is started.
const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort());

try {
  const report = await syncTenantSchemas(db, {
    migrations,
    to: process.argv[2],
    concurrency: CONCURRENCY,
    // One tenant first: what is wrong with a migration shows there, and the others are not touched.
    canary: 1,
    // Single tenants may fail, for a reason of their own; so many at once have one in common.
    maxFailures: 20,
    signal: interruption.signal,
    onEvent: log,
    throwOnFailure: false,
  });
  await writeFile("sync-report.json", `${JSON.stringify(report, null, 2)}\n`);
  for (const { schema, outcome, error } of report.tenants) {
    if (error === undefined) continue;
    console.error(`${schema} ${outcome}: ${error.message} (${error.code}) ${error.hint ?? ""}`);
  }
  console.log(`${report.status}: ${JSON.stringify(report.summary)}`);
  process.exitCode = report.status === "ok" ? 0 : 1;
} catch (error) {
  // Nothing was changed: the options are wrong, or the database cannot be reached.
  if (error instanceof MarketplaceJobsError) console.error(`${error.message} (${error.code}) ${error.hint ?? ""}`);
  else console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await db.destroy();
}

/** What a pipeline's log should show of a run over thousands of tenants: its course, and whoever has trouble. */
function log(event: SyncEvent): void {
  switch (event.type) {
    case "database-surveyed":
      console.log(`${event.pending} of ${event.tenants} tenants are behind`);
      break;
    case "phase-started":
      console.log(`${event.phase} …`);
      break;
    case "tenant-postponed":
      console.log(`${event.schema} is busy, again in ${event.delayMs} ms`);
      break;
    case "run-stopping":
      console.log(`stopping: ${event.reason}`);
      break;
    default:
  }
}
