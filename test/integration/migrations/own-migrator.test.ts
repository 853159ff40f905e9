import { CamelCasePlugin, type Kysely } from "kysely";
import { Kysely as Kysely28, Migrator as Migrator28, PostgresDialect as PostgresDialect28 } from "kysely-0.28";
import { Migrator } from "kysely/migration";
import pg from "pg";
import { describe, expect } from "vitest";
import { migrationProvider } from "../../../migrations/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { createSchema, LEVELS, migrateUp } from "./run-migrations.js";
import { structureOf } from "./structure-lines.js";
import { jobsByString, jobsCarrying } from "./tenant-rows.js";

type AnyMigrator = Pick<Migrator, "migrateToLatest" | "migrateTo">;

function propsFor(schema: string): Omit<ConstructorParameters<typeof Migrator>[0], "db"> {
  return {
    provider: migrationProvider,
    migrationTableName: "marketplace_jobs_migration",
    migrationLockTableName: "marketplace_jobs_migration_lock",
    migrationTableSchema: schema,
  };
}

/** The Migrator of each version that a host may have, over a connection of its own. */
const MIGRATORS = {
  "0.29": async (db: Kysely<any>, _url: string, schema: string, work: (migrator: AnyMigrator) => Promise<void>) =>
    await work(new Migrator({ db: db.withSchema(schema), ...propsFor(schema) })),
  "0.28": async (_db: Kysely<any>, url: string, schema: string, work: (migrator: AnyMigrator) => Promise<void>) => {
    const pool = new pg.Pool({ connectionString: url });
    const db = new Kysely28<any>({ dialect: new PostgresDialect28({ pool }) });
    try {
      // The types of one version do not take a provider of the other's; their shapes are the same.
      const props = { db: db.withSchema(schema), ...propsFor(schema) } as unknown as ConstructorParameters<
        typeof Migrator28
      >[0];
      await work(new Migrator28(props));
    } finally {
      await db.destroy();
    }
  },
};

describe.each(Object.entries(MIGRATORS))("Kysely %s's own Migrator", (_version, withMigrator) => {
  test("brings legacy tenants to the one structure in its one transaction, and back", async ({ db, database }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    await loadLegacyTenant(db, "a", "user_10", 10, { data: true });
    await loadLegacyTenant(db, "c", "user_2", 2, { data: true });
    await createSchema(db, "user_fresh");
    await migrateUp(db, "user_fresh");
    const canonical = (await structureOf(db, "user_fresh")).own;
    for (const schema of ["user_10", "user_2"]) {
      const strings = await jobsCarrying(db, schema);
      await withMigrator(db, database.url, schema, async (migrator) => {
        const { error, results } = await migrator.migrateToLatest();
        expect(error).toBeUndefined();
        expect(results?.map(({ migrationName, status }) => [migrationName, status])).toEqual(
          LEVELS.map((level) => [level, "Success"]),
        );
        expect((await structureOf(db, schema)).own).toEqual(canonical);
        const found = await jobsByString(db, schema);
        for (const [string, jobs] of strings) expect(found.get(string)).toEqual(jobs);
        expect((await migrator.migrateTo("0003_marketplace_job_stats")).error).toBeUndefined();
        for (const [string, jobs] of strings) {
          expect((await jobsCarrying(db, schema)).get(string)).toEqual(jobs);
        }
        expect((await migrator.migrateToLatest()).error).toBeUndefined();
      });
      expect((await structureOf(db, schema)).own).toEqual(canonical);
    }
  });
});

describe("a host whose Kysely rewrites identifiers", () => {
  test("migrates the schema that it names, not one that is spelt like it", async ({ db }) => {
    await createSchema(db, "userX1");
    await createSchema(db, "user_x_1");
    const rewriting = db.withPlugin(new CamelCasePlugin({ underscoreBeforeDigits: true }));
    const migrator = new Migrator({ db: rewriting.withSchema("userX1"), ...propsFor("userX1") });
    expect((await migrator.migrateToLatest()).error).toBeUndefined();
    expect((await structureOf(db, "userX1")).own).not.toEqual([]);
    expect((await structureOf(db, "user_x_1")).own).toEqual([]);
  });
});
