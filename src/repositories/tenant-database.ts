import type { Kysely, RawBuilder } from "kysely";
import { sql } from "kysely";
import type { TenantTables } from "../entities/tenant-tables.js";
import { quotedSchema } from "../tenancy/quoted-schema.js";
import type { TenantSchemaName } from "../tenancy/tenant-schema-name.js";

/** One tenant's tables as the repositories address them. */
export interface TenantDatabase {
  readonly schema: TenantSchemaName;
  /** The host's Kysely or transaction, qualified with the tenant schema. */
  readonly db: Kysely<TenantTables>;
  /** The qualified names for statements in raw SQL, which `withSchema` does not reach. */
  readonly names: {
    readonly marketplaceJobs: RawBuilder<unknown>;
    readonly batchJobs: RawBuilder<unknown>;
    readonly jobStats: RawBuilder<unknown>;
    readonly actionTypes: RawBuilder<unknown>;
  };
  /** The schemas as identifiers, for statements whose text is there already. */
  readonly quoted: { readonly schema: string; readonly sharedSchema: string };
}

export function tenantDatabase(db: Kysely<any>, schema: TenantSchemaName, sharedSchema: string): TenantDatabase {
  return {
    schema,
    // A host's plugins (camel case, say) would rename our columns.
    db: db.withoutPlugins().withSchema(schema),
    names: {
      marketplaceJobs: sql.id(schema, "marketplace_jobs"),
      batchJobs: sql.id(schema, "batch_jobs"),
      jobStats: sql.id(schema, "marketplace_job_stats"),
      actionTypes: sql.id(sharedSchema, "marketplace_action_types"),
    },
    quoted: { schema: quotedSchema(schema), sharedSchema: quotedSchema(sharedSchema) },
  };
}
