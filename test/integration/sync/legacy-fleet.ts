import { type Kysely, sql } from "kysely";
import { expect } from "vitest";
import { migrations } from "../../../migrations/index.js";
import { verifyTenantSchemas } from "../../../src/index.js";
import {
  type LegacyVariant,
  loadLegacyShared,
  loadLegacyTemplate,
  loadLegacyTenant,
} from "../../legacy/legacy-system.js";

const VARIANTS: readonly LegacyVariant[] = ["a", "b", "c", "d", "e"];

/** The legacy system with that many tenants of all kinds, those that can have rows with rows; gives their names. */
export async function loadLegacyFleet(db: Kysely<any>, tenants: number): Promise<readonly string[]> {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  const schemas = Array.from({ length: tenants }, (_, index) => `user_${index + 1}`);
  for (const [index, schema] of schemas.entries()) {
    const variant = VARIANTS[index % VARIANTS.length] ?? "e";
    await loadLegacyTenant(db, variant, schema, index + 1, { data: index % VARIANTS.length < 3 });
  }
  return schemas;
}

/** Which jobs carry or are linked to which batch string, all tenants together; the same before and after a sync. */
export async function batchesOfJobs(db: Kysely<any>, schemas: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const schema of schemas) {
    const columns = await sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns where table_schema = ${schema}
    `.execute(db);
    const has = (name: string): boolean => columns.rows.some((column) => column.name === name);
    if (!has("marketplace_jobs.id")) continue;
    const string = has("marketplace_jobs.batch_id") ? sql`nullif(job.batch_id, '')` : sql`null::text`;
    const batch = has("batch_jobs.id")
      ? sql`(select batch.batch_id from ${sql.table(`${schema}.batch_jobs`)} as batch where batch.id = job.batch_job_id)`
      : sql`null::text`;
    const { rows } = await sql<{ line: string }>`
      select concat_ws(' ', job.id, job.status, job.input_data->>'ref', coalesce(${string}, ${batch})) as line
      from ${sql.table(`${schema}.marketplace_jobs`)} as job
      order by job.id`.execute(db);
    found.push(...rows.map(({ line }) => `${schema} ${line}`));
  }
  return found;
}

/** Every tenant has each migration once, in order, and the canonical structure. */
export async function expectAllMigrated(
  db: Kysely<any>,
  schemas: readonly string[],
  names: readonly string[] = Object.keys(migrations),
): Promise<void> {
  await expectLedgers(db, schemas, names);
  const { summary, tenants } = await verifyTenantSchemas(db);
  expect(tenants.flatMap(({ schema, drift }) => drift.map(({ message }) => `${schema}: ${message}`))).toEqual([]);
  expect(summary).toMatchObject({ drifted: 0, gone: 0, unreadable: 0, pending: 0 });
}

/** The template and all tenants record just those migrations, each at a later time than the one before. */
export async function expectLedgers(
  db: Kysely<any>,
  schemas: readonly string[],
  names: readonly string[],
): Promise<void> {
  for (const schema of ["template_tenant", ...schemas]) {
    const { rows } = await sql<{ name: string; timestamp: string }>`
      select name, timestamp from ${sql.table(`${schema}.marketplace_jobs_migration`)} order by timestamp, name desc
    `.execute(db);
    expect(rows.map(({ name }) => name)).toEqual(names);
    expect(new Set(rows.map(({ timestamp }) => timestamp)).size, `times in ${schema}`).toBe(names.length);
  }
}
