import { type Kysely, sql } from "kysely";
import type { ManifestPart } from "./manifest.js";
import type { StructureItem, StructureKind } from "./structure-item.js";
import { SHARED_TABLES, structureQuery, TENANT_TABLES } from "./structure-query.js";

/** How many schemas one pass over the catalog covers: enough to make its fixed cost vanish, few enough to hold. */
export const SCHEMAS_PER_QUERY = 1_000;

const TABLES: Readonly<Record<ManifestPart, readonly string[]>> = { tenant: TENANT_TABLES, shared: SHARED_TABLES };

/**
 * A hash of each schema's structure, computed by the server: schemas with equal structures have equal hashes. One
 * query for a thousand schemas. A schema without any of the tables hashes to the empty structure.
 */
export async function readLikenesses(
  db: Kysely<any>,
  schemas: readonly string[],
  part: ManifestPart,
): Promise<Map<string, string>> {
  const likenesses = new Map<string, string>();
  for (let start = 0; start < schemas.length; start += SCHEMAS_PER_QUERY) {
    const { rows } = await sql<{ schema: string; likeness: string }>`
      select namespace.nspname::text as schema,
        md5(coalesce(string_agg(
          concat_ws(chr(1), item.kind, item."table", item.name, item.definition), chr(2)
          order by item.kind, item."table" collate "C", item.name collate "C", item.definition collate "C"), '')) as likeness
      from pg_namespace as namespace
      left join (${structureQuery(schemas.slice(start, start + SCHEMAS_PER_QUERY), TABLES[part])}) as item
        on item.schema = namespace.nspname
      where namespace.nspname = any(${schemas.slice(start, start + SCHEMAS_PER_QUERY)}::name[])
      group by namespace.nspname
    `.execute(db);
    for (const { schema, likeness } of rows) likenesses.set(schema, likeness);
  }
  return likenesses;
}

/** The structure of each of those schemas, item by item, ordered by kind, table and name. */
export async function readStructures(
  db: Kysely<any>,
  schemas: readonly string[],
  part: ManifestPart,
): Promise<Map<string, readonly StructureItem[]>> {
  const structures = new Map<string, StructureItem[]>(schemas.map((schema) => [schema, []]));
  for (let start = 0; start < schemas.length; start += SCHEMAS_PER_QUERY) {
    const query = structureQuery(schemas.slice(start, start + SCHEMAS_PER_QUERY), TABLES[part]);
    for (const { schema, kind, table, name, definition } of (await query.execute(db)).rows) {
      structures.get(schema)?.push({ kind: kind as StructureKind, table, name, definition });
    }
  }
  for (const items of structures.values()) items.sort(byKindTableAndName);
  return structures;
}

function byKindTableAndName(a: StructureItem, b: StructureItem): number {
  return (
    compare(a.kind, b.kind) ||
    compare(a.table, b.table) ||
    compare(a.name, b.name) ||
    compare(a.definition, b.definition)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
