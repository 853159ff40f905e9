import { sql } from "kysely";
import { expect } from "vitest";
import { migrations, sharedMigrations } from "../../../migrations/index.js";
import type { PlainSqlMigration } from "../../../migrations/plain-sql-migration.js";
import type { ManifestItem, ManifestPart } from "../../../src/verify/manifest.js";
import { readStructures } from "../../../src/verify/read-structures.js";
import { databaseTest as test } from "../../database/fixtures.js";
import type { Kysely } from "kysely";

test("the committed manifest is what the migrations make of an empty schema", async ({ db, schema }) => {
  await sql`create schema ${sql.id(schema)}`.execute(db);
  const manifest = {
    tenant: await manifestOf(db, "tenant", schema, migrations),
    shared: await manifestOf(db, "shared", schema, sharedMigrations),
  };
  await expect(`${JSON.stringify(manifest, undefined, 2)}\n`).toMatchFileSnapshot(
    "../../../src/verify/canonical-manifest.json",
  );
});

async function manifestOf(
  db: Kysely<any>,
  part: ManifestPart,
  schema: string,
  record: Readonly<Record<string, PlainSqlMigration>>,
): Promise<readonly ManifestItem[]> {
  const items: ManifestItem[] = [];
  for (const [migration, { script }] of Object.entries(record)) {
    await sql.raw(script.up(schema)).execute(db);
    const structure = (await readStructures(db, [schema], part)).get(schema) ?? [];
    const isThere = (item: ManifestItem): boolean =>
      structure.some(
        ({ kind, table, name, definition }) =>
          kind === item.kind && table === item.table && name === item.name && definition === item.definition,
      );
    for (const [index, item] of items.entries()) {
      if (item.until === undefined && !isThere(item)) items[index] = { ...item, until: migration };
    }
    for (const item of structure) {
      const isKnown = items.some(
        ({ kind, table, name, definition, until }) =>
          until === undefined &&
          kind === item.kind &&
          table === item.table &&
          name === item.name &&
          definition === item.definition,
      );
      if (!isKnown) items.push({ ...item, since: migration });
    }
  }
  return items;
}
