import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runner } from "node-pg-migrate";
import pg from "pg";
import { migrations } from "../../migrations/index.js";

/** node-pg-migrate with the same SQL, its own ledger in each schema, tenant after tenant. */
export async function runNodePgMigrate(
  url: string,
  schemas: readonly string[],
  pending: readonly string[],
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const schema of schemas) {
      const folder = await mkdtemp(join(tmpdir(), "marketplace-jobs-bench-"));
      for (const name of pending) {
        // Its SQL files end where a line says so; ours have no such line.
        await writeFile(join(folder, `${name}.sql`), `-- Up Migration\n${migrations[name]?.script.up(schema) ?? ""}\n`);
      }
      await runner({
        dbClient: client,
        dir: folder,
        direction: "up",
        migrationsTable: "pgmigrations",
        migrationsSchema: schema,
        schema,
        verbose: false,
        log: () => {},
      });
      await rm(folder, { recursive: true });
    }
  } finally {
    await client.end();
  }
}
