import type { Kysely } from "kysely";
import { sql } from "kysely";
import { migrations, sharedMigrations } from "../../../migrations/index.js";
import { forTenant, type TenantRepositories } from "../../../src/repositories/for-tenant.js";
import { schemaTest } from "../../database/fixtures.js";
import { storedRows } from "./stored-rows.js";

/** A fresh tenant as the migrations make it. */
export async function createTenant(db: Kysely<any>, schema: string): Promise<TenantRepositories> {
  await sql`create schema ${sql.id(schema)}`.execute(db);
  for (const migration of Object.values(migrations)) await sql.raw(migration.script.up(schema)).execute(db);
  return forTenant(db, schema);
}

/**
 * Every test has a tenant of its own in the file's database: `tenant` its repositories, `jobs`, `batches` and `stats`
 * each of them, `stored` their rows behind
 * the repositories' back, `table` the qualified name of one of its tables for SQL of the test's own.
 */
export const tenantTest = schemaTest
  .extend("actionTypes", { scope: "file" }, async ({ db }) => {
    for (const migration of Object.values(sharedMigrations)) await sql.raw(migration.script.up("public")).execute(db);
    return "public";
  })
  .extend("tenant", async ({ db, schema, actionTypes: _seeded }) => createTenant(db, schema))
  .extend("jobs", ({ tenant }) => tenant.jobs)
  .extend("batches", ({ tenant }) => tenant.batches)
  .extend("stats", ({ tenant }) => tenant.stats)
  .extend("stored", ({ db, schema, tenant: _created }) => storedRows(db, schema))
  .extend(
    "table",
    ({ schema }) =>
      (name: string) =>
        sql.id(schema, name),
  );
