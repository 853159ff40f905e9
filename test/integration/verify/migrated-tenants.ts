import { type Kysely, sql } from "kysely";
import { syncTenantSchemas, type SyncOptions, type TenantVerification, type VerifyReport } from "../../../src/index.js";

/** Creates these schemas and brings them, and the shared one, to the newest migration or to the one named. */
export async function createTenants(
  db: Kysely<any>,
  names: readonly string[],
  options: SyncOptions = {},
): Promise<void> {
  for (const name of names) await sql`create schema ${sql.id(name)}`.execute(db);
  await syncTenantSchemas(db, { tenants: names, ...options });
}

/** What the report says about one schema. */
export function about(report: VerifyReport, schema: string): TenantVerification {
  const found = report.tenants.find((tenant) => tenant.schema === schema);
  if (found === undefined) throw new Error(`The report says nothing about ${schema}.`);
  return found;
}

/** All that is said about a schema's drift, a line each. */
export function driftOf(report: VerifyReport, schema: string): string[] {
  return about(report, schema).drift.map(({ message }) => message);
}

/** Takes migrations out of a ledger, as if they had never been recorded. */
export async function forget(db: Kysely<any>, schema: string, names: readonly string[]): Promise<void> {
  await db.withSchema(schema).deleteFrom("marketplace_jobs_migration").where("name", "in", names).execute();
}

/** Runs the mends of one schema one after the other, as a reader of the report would. */
export async function applyMends(db: Kysely<any>, report: VerifyReport, schema: string): Promise<void> {
  for (const { mend } of about(report, schema).drift) if (mend !== undefined) await sql.raw(mend).execute(db);
}
