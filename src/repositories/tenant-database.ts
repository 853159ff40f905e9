import type { Kysely, RawBuilder } from "kysely";
import { sql } from "kysely";
import type { TenantTables } from "../entities/tenant-tables.js";
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
  /** The schemas as Kysely quotes them, for statements whose text is there already. */
  readonly quoted: { readonly schema: string; readonly sharedSchema: string };
}

export function tenantDatabase(db: Kysely<any>, schema: TenantSchemaName, sharedSchema: string): TenantDatabase {
  // A host's plugins (camel case, say) would rename our columns.
  const qualified = db.withoutPlugins().withSchema(schema);
  let quoted: TenantDatabase["quoted"] | undefined;
  return {
    schema,
    db: qualified,
    names: {
      marketplaceJobs: sql.id(schema, "marketplace_jobs"),
      batchJobs: sql.id(schema, "batch_jobs"),
      jobStats: sql.id(schema, "marketplace_job_stats"),
      actionTypes: sql.id(sharedSchema, "marketplace_action_types"),
    },
    // Not for each `forTenant`, but for the first statement after it.
    get quoted() {
      return (quoted ??= { schema: quotedBy(qualified, schema), sharedSchema: quotedBy(qualified, sharedSchema) });
    },
  };
}

function quotedBy(db: Kysely<any>, name: string): string {
  return sql.id(name).compile(db).sql;
}
