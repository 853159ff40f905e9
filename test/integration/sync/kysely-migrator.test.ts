import type { Kysely } from "kysely";
import {
  Kysely as Kysely28,
  Migrator as Migrator28,
  type MigratorProps as MigratorProps28,
  PostgresDialect as PostgresDialect28,
} from "kysely-0.28";
import { Migrator } from "kysely/migration";
import { describe, expect } from "vitest";
import { migrationProvider, migrations } from "../../../migrations/index.js";
import { LEDGER_TABLE, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createSchemas, hostPool, ledgerOf } from "./fleet.js";

type AnyMigrator = Pick<Migrator, "migrateToLatest" | "migrateDown" | "getMigrations">;

const versions: readonly [
  version: string,
  migratorOf: (db: Kysely<any>, url: string, schema: string) => AnyMigrator,
][] = [
  ["0.29", (db, _, schema) => new Migrator({ db: db.withSchema(schema), ...propsFor(schema) })],
  [
    "0.28",
    (_, url, schema) => {
      const db = new Kysely28<any>({
        dialect: new PostgresDialect28({ pool: hostPool({ connectionString: url, idleTimeoutMillis: 1 }) }),
      });
      // The types of one version do not take a provider of the other's; their shapes are the same.
      const props = { db: db.withSchema(schema), ...propsFor(schema) } as unknown as MigratorProps28;
      return new Migrator28(props) as unknown as AnyMigrator;
    },
  ],
];

function propsFor(schema: string): {
  provider: typeof migrationProvider;
  migrationTableName: string;
  migrationLockTableName: string;
  migrationTableSchema: string;
} {
  return {
    provider: migrationProvider,
    migrationTableName: LEDGER_TABLE,
    migrationLockTableName: `${LEDGER_TABLE}_lock`,
    migrationTableSchema: schema,
  };
}

for (const [version, migratorOf] of versions) {
  describe(`Kysely ${version}'s own Migrator, pointed at a tenant's ledger`, () => {
    test("finds nothing to do after a sync, and takes back what the sync applied", async ({ db, database }) => {
      await createSchemas(db, ["user_1"]);
      await syncTenantSchemas(db, { sharedSchema: false });
      const migrator = migratorOf(db, database.url, "user_1");
      expect(await migrator.migrateToLatest()).toEqual({ results: [] });
      const { error } = await migrator.migrateDown();
      expect(error).toBeUndefined();
      expect(await ledgerOf(db, "user_1")).toEqual(Object.keys(migrations).slice(0, -1));
      const report = await syncTenantSchemas(db, { sharedSchema: false });
      expect(report.tenants).toMatchObject([{ applied: ["0005_drop_marketplace_jobs_batch_id"] }]);
      expect((await migrator.migrateToLatest()).error).toBeUndefined();
    });

    test("applies all migrations itself, after which a sync finds nothing to do", async ({ db, database }) => {
      await createSchemas(db, ["user_1"]);
      const migrator = migratorOf(db, database.url, "user_1");
      const { error, results } = await migrator.migrateToLatest();
      expect(error).toBeUndefined();
      expect(results?.map(({ status }) => status)).toEqual(Object.keys(migrations).map(() => "Success"));
      const report = await syncTenantSchemas(db, { sharedSchema: false });
      expect(report.tenants).toMatchObject([{ outcome: "up-to-date" }]);
    });
  });
}
