import { type Kysely, sql } from "kysely";
import { expect } from "vitest";
import { migrations, sharedMigrations } from "../../../migrations/index.js";
import type { PlainSqlMigration } from "../../../migrations/plain-sql-migration.js";
import type { ManifestItem, ManifestPart } from "../../../src/verify/manifest.js";
import { readStructures } from "../../../src/verify/read-structures.js";
import type { StructureItem } from "../../../src/verify/structure-item.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { cloneTables } from "./clone-tables.js";

test("the committed manifest is what the migrations make of an empty schema", async ({ db }) => {
  const manifest = {
    tenant: await manifestOf(db, "tenant", migrations),
    shared: await manifestOf(db, "shared", sharedMigrations),
  };
  await expect(`${JSON.stringify(manifest, undefined, 2)}\n`).toMatchFileSnapshot(
    "../../../src/verify/canonical-manifest.json",
  );
});

/** A schema name that is part of none of the names in it. */
const SCHEMA = "canonical";

async function manifestOf(
  db: Kysely<any>,
  part: ManifestPart,
  record: Readonly<Record<string, PlainSqlMigration>>,
): Promise<readonly ManifestItem[]> {
  await sql`create schema ${sql.id(SCHEMA)}`.execute(db);
  const items: ManifestItem[] = [];
  for (const [migration, { script }] of Object.entries(record)) {
    await sql.raw(script.up(SCHEMA)).execute(db);
    const structure = await structureOf(db, part, SCHEMA);
    const clone = await cloneOf(db, part);
    for (const [index, item] of items.entries()) {
      if (item.until === undefined && !structure.some((here) => isSame(here, item))) {
        items[index] = { ...item, until: migration };
      }
    }
    for (const item of structure) {
      if (items.some((known) => known.until === undefined && isSame(known, item))) continue;
      const copy = clone.some((here) => isSame(here, item))
        ? undefined
        : clone.find((here) => isSame({ ...here, name: item.name }, item));
      items.push({ ...item, since: migration, ...(copy === undefined ? {} : { nameInClone: copy.name }) });
    }
  }
  await sql`drop schema ${sql.id(SCHEMA)} cascade`.execute(db);
  return items;
}

async function cloneOf(db: Kysely<any>, part: ManifestPart): Promise<readonly StructureItem[]> {
  await cloneTables(db, SCHEMA, "clone");
  const structure = await structureOf(db, part, "clone");
  await sql`drop schema clone cascade`.execute(db);
  return structure;
}

async function structureOf(db: Kysely<any>, part: ManifestPart, schema: string): Promise<readonly StructureItem[]> {
  return (await readStructures(db, [schema], part)).get(schema)?.items ?? [];
}

function isSame(a: StructureItem, b: StructureItem): boolean {
  return a.kind === b.kind && a.table === b.table && a.name === b.name && a.definition === b.definition;
}
