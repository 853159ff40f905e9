import type { Kysely } from "kysely";
import * as z from "zod";
import { parseInput } from "../errors/parse-input.js";
import { parseKysely } from "../tenancy/kysely-instance.js";
import { DEFAULT_SHARED_SCHEMA, parseTenantSchemaName, schemaName } from "../tenancy/tenant-schema-name.js";
import { BatchJobRepository } from "./batch-job-repository.js";
import { JobStatsRepository } from "./job-stats-repository.js";
import { MarketplaceJobRepository } from "./marketplace-job-repository.js";
import { tenantDatabase } from "./tenant-database.js";

export interface ForTenantOptions {
  /** The schema of `marketplace_action_types`; `public` by default. */
  readonly sharedSchema?: string | undefined;
}

export interface TenantRepositories {
  readonly jobs: MarketplaceJobRepository;
  readonly batches: BatchJobRepository;
  readonly stats: JobStatsRepository;
}

const forTenantOptionsSchema = z.strictObject({ sharedSchema: schemaName.default(DEFAULT_SHARED_SCHEMA) });

/**
 * The repositories of one tenant over the host's own Kysely or transaction. Making them costs nothing and sends
 * nothing, so a host makes them where it needs them; every statement names the schema and none depends on the session.
 *
 * @throws `INVALID_TENANT_SCHEMA` for a name that cannot be a tenant's; `INVALID_OPTIONS` for what is no Kysely, and for an
 *   unknown option.
 *
 * @example
 * ```ts
 * import { forTenant } from "marketplace-jobs";
 *
 * await db.transaction().execute(async (transaction) => {
 *   const { jobs, batches } = forTenant(transaction, "user_1");
 *   const { batch } = await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds: [17, 18] });
 *   console.log((await jobs.getJobsByBatchId(batch.batchId)).length); // 2
 * });
 * ```
 */
export function forTenant(db: Kysely<any>, schema: string, options: ForTenantOptions = {}): TenantRepositories {
  const { sharedSchema } = parseInput(forTenantOptionsSchema, options, {
    code: "INVALID_OPTIONS",
    subject: "forTenant options",
  });
  const tenant = tenantDatabase(parseKysely(db, "forTenant"), parseTenantSchemaName(schema), sharedSchema);
  return {
    jobs: new MarketplaceJobRepository(tenant),
    batches: new BatchJobRepository(tenant),
    stats: new JobStatsRepository(tenant.db),
  };
}
