import { Kysely, PostgresDialect } from "kysely";
import { batchIdSchema, forTenant, syncTenantSchemas, tenantSchemaName } from "marketplace-jobs";
import type { MarketplaceJob, SyncReport } from "marketplace-jobs";
import { migrations } from "marketplace-jobs/migrations";
import pg from "pg";

const db = new Kysely<Record<string, never>>({ dialect: new PostgresDialect({ pool: new pg.Pool() }) });

export async function jobsOf(batchId: string): Promise<MarketplaceJob[]> {
  const { jobs } = forTenant(db, tenantSchemaName.parse("user_1"));
  return [...(await jobs.getJobsByBatchId(batchIdSchema.parse(batchId)))];
}

export function migrate(): Promise<SyncReport> {
  return syncTenantSchemas(db, { migrations, concurrency: 8 });
}
