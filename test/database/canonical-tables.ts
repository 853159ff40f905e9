import { type Kysely, sql } from "kysely";
import { migrations, sharedMigrations } from "../../migrations/index.js";

/** The shared schema as a host has it: the action types, seeded. */
export async function createSharedTables(db: Kysely<any>, schema = "public"): Promise<void> {
  for (const migration of Object.values(sharedMigrations)) await migration.up(db.withSchema(schema));
}

/** A tenant schema with all its tables and no rows. */
export async function createTenantTables(db: Kysely<any>, schema: string): Promise<void> {
  await sql`create schema ${sql.id(schema)}`.execute(db);
  for (const migration of Object.values(migrations)) await migration.up(db.withSchema(schema));
}
