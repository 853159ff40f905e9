import kysely = require("kysely");
import jobs = require("marketplace-jobs");
import contract = require("marketplace-jobs/contract");
import migrations = require("marketplace-jobs/migrations");

export const names: string[] = Object.keys(migrations.migrations);
export const entries: object[] = [jobs, contract];

/** Kysely 0.28 declares itself once for `import` and once for `require`; a host's is the one that it requires. */
export async function publish(db: kysely.Kysely<unknown>, productIds: number[]): Promise<string> {
  await jobs.syncTenantSchemas(db, { migrations: migrations.migrations });
  const { batch } = await db.transaction().execute(async (transaction) => {
    const { batches } = jobs.forTenant(transaction, "user_1");
    return await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds });
  });
  return contract.toBatchSummaryResponse(jobs.summarizeBatch(batch)).batch_id;
}
