import { type Kysely, sql } from "kysely";
import type { ColumnUseReport, InspectColumnUseOptions, InspectedTenant } from "../../../src/index.js";
import { createTenants } from "../verify/migrated-tenants.js";

export const LINKED = "0004_link_jobs_to_batches";

/** The column that the tests inspect, by the catalog alone. */
export const BATCH_ID = {
  table: "marketplace_jobs",
  column: "batch_id",
  statements: "none",
} as const satisfies InspectColumnUseOptions;

/** Tenants that have the deprecated column, without rows. */
export async function createLinkedTenants(db: Kysely<any>, names: readonly string[]): Promise<void> {
  await createTenants(db, names, { to: LINKED });
}

/** Runs statements in which S stands for the tenant's schema. */
export async function runIn(db: Kysely<any>, schema: string, statements: readonly string[]): Promise<void> {
  const quoted = `"${schema.replaceAll('"', '""')}"`;
  for (const statement of statements) await sql.raw(statement.replaceAll(/\bS\./g, () => `${quoted}.`)).execute(db);
}

/** What the report tells of one schema; undefined where there is nothing to tell. */
export function told(report: ColumnUseReport, schema: string): InspectedTenant | undefined {
  return report.tenants.find((tenant) => tenant.schema === schema);
}
