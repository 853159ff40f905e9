import { pgDump } from "@electric-sql/pglite-tools/pg_dump";
import { createTenantSchema, forTenant, syncTenantSchemas } from "../../src/index.js";
import { openPGlite } from "../database/pglite-database.js";
import {
  type LegacyVariant,
  loadLegacyShared,
  loadLegacyTemplate,
  loadLegacyTenant,
} from "../legacy/legacy-system.js";

const VARIANTS: readonly LegacyVariant[] = ["a", "b", "c", "d", "e"];

interface DumpOptions {
  /** The last migration of the adopted tenants; default: the newest. */
  readonly to?: string | undefined;
}

/**
 * A dump of a database as this version of the package leaves it: a tenant of each legacy shape, adopted, and one that
 * was created and has been worked in. It is restored by any PostgreSQL from 15 on.
 */
export async function dumpSyncedDatabase({ to }: DumpOptions = {}): Promise<string> {
  const { db, pglite, loader, destroy } = openPGlite();
  try {
    await loadLegacyShared(loader);
    await loadLegacyTemplate(loader);
    for (const [index, variant] of VARIANTS.entries()) {
      await loadLegacyTenant(loader, variant, `user_${index + 1}`, index + 1, { data: variant < "d" });
    }
    await syncTenantSchemas(db, { to });
    await createTenantSchema(db, "user_6");
    const { jobs, batches } = forTenant(db, "user_6");
    const vinted = { marketplace: "vinted", actionCode: "publish" };
    await batches.createBatch({ ...vinted, batchId: "worked-in", productIds: [1, 2, 3, 4], inputData: { ref: "w" } });
    const [completed, failed, running] = await jobs.claimJobs({ marketplace: "vinted", limit: 3 });
    if (completed === undefined || failed === undefined || running === undefined) throw new Error("Nothing to claim.");
    await jobs.completeJob(completed, { listing: 17 });
    await jobs.failJob(failed, "refused", { retry: false });
    await jobs.createJob({ ...vinted, idempotencyKey: "single", productId: 5 });
    const dump = await pgDump({ pg: pglite, args: ["--inserts", "--no-owner", "--no-privileges"] });
    // PostgreSQL 17 is the first to know this setting.
    return (await dump.text()).replace("SET transaction_timeout = 0;\n", "");
  } finally {
    await destroy();
  }
}
