import { Kysely, PostgresDialect } from "kysely";
import { Migrator } from "kysely/migration";
import { quietPool } from "../quiet-pool.js";
import { LEDGER_TABLE } from "../../src/tenancy/ledger.js";
import { migrationProvider } from "../../migrations/index.js";

/** What a host does without this library's sync: Kysely's own Migrator, tenant after tenant. */
export async function runKyselyMigrator(url: string, schemas: readonly string[]): Promise<void> {
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: quietPool(url, 1) }),
  });
  try {
    for (const schema of schemas) {
      const migrator = new Migrator({
        db: db.withSchema(schema),
        provider: migrationProvider,
        migrationTableName: LEDGER_TABLE,
        migrationLockTableName: `${LEDGER_TABLE}_lock`,
        migrationTableSchema: schema,
      });
      const { error } = await migrator.migrateToLatest();
      if (error !== undefined) throw new Error(`Kysely's Migrator failed in ${schema}`, { cause: error });
    }
  } finally {
    await db.destroy();
  }
}
