import { type Kysely, sql } from "kysely";
import { DEFAULT_CONCURRENCY } from "../sync/sync-defaults.js";
import { chunksOf } from "../tenancy/schema-chunks.js";
import { asInManifest, type ManifestPart } from "./manifest.js";
import { raiseLocked, readAroundLocks } from "./read-around-locks.js";
import type { StructureItem, StructureKind } from "./structure-item.js";
import { nameArray, structureQuery } from "./structure-query.js";
import { tenantFreeName } from "./tenant-free-name.js";
import { workOff } from "../tenancy/wait-for-all.js";

/** A schema's structure with names that are free of the tenant's; see `nameInTenant`. */
export interface Structure {
  /** Equal for schemas with equal structures, what a host has added included. */
  readonly likeness: string;
  /** Ordered by kind, table, name and definition. */
  readonly items: readonly StructureItem[];
}

/**
 * A hash of each schema's structure, computed by the server: schemas with equal structures have equal hashes. One
 * query for a thousand schemas. A schema that does not exist is left out; one without any of the tables is not.
 */
export async function readLikenesses(
  db: Kysely<any>,
  schemas: readonly string[],
  part: ManifestPart,
  onLocked: (schema: string, error: unknown) => void,
): Promise<Map<string, string>> {
  const likenesses = new Map<string, string>();
  await workOff(chunksOf(schemas), DEFAULT_CONCURRENCY, async (chunk) => {
    const rows = await readAroundLocks(
      chunk,
      async (some) => (await sql.raw<LikenessRow>(likenessQuery(some, part)).execute(db)).rows,
      onLocked,
    );
    for (const { schema, likeness } of rows) likenesses.set(schema, likeness);
  });
  return likenesses;
}

/** The structure of each of those schemas that exist, item by item, with the hash of just that. */
export async function readStructures(
  db: Kysely<any>,
  schemas: readonly string[],
  part: ManifestPart,
  onLocked: (schema: string, error: unknown) => void = raiseLocked,
): Promise<Map<string, Structure>> {
  const structures = new Map<string, Structure>();
  for (const chunk of chunksOf(schemas)) {
    const items = `coalesce(json_agg(json_build_array(item.kind, item."table", item.name, item.definition)
      order by ${ITEM_ORDER}) filter (where item.kind is not null), '[]')::text`;
    const rows = await readAroundLocks(
      chunk,
      async (some) => (await sql.raw<StructureRow>(likenessQuery(some, part, `, ${items} as items`)).execute(db)).rows,
      onLocked,
    );
    for (const row of rows) {
      const listed = JSON.parse(row.items) as [StructureKind, string, string, string][];
      structures.set(row.schema, {
        likeness: row.likeness,
        items: listed.map(([kind, table, name, definition]) => asInManifest({ kind, table, name, definition })),
      });
    }
  }
  return structures;
}

interface LikenessRow {
  readonly schema: string;
  readonly likeness: string;
}

interface StructureRow extends LikenessRow {
  readonly items: string;
}

const ITEM_ORDER = `item.kind collate "C", item."table" collate "C", item.name collate "C", item.definition collate "C"`;

/** The query for `schema` and `likeness`, to which a repair comes back under its lock. */
export function likenessQuery(schemas: readonly string[], part: ManifestPart, furtherColumns = ""): string {
  return `
  select namespace.nspname::text as schema,
    md5(coalesce(string_agg(
      concat_ws(chr(31), item.kind, item."table", item.name, item.definition), chr(30) order by ${ITEM_ORDER}), ''))
      as likeness${furtherColumns}
  from pg_catalog.pg_namespace as namespace
  left join (
    select found.schema, found.kind, found."table",
      case when found.kind in ('table', 'column', 'type') then found.name
        else ${tenantFreeName("found.name", "found.schema")} end as name,
      case when found.kind = 'trigger' then ${tenantFreeName("found.definition", "found.schema")}
        else found.definition end as definition
    from (${structureQuery(schemas, part)}
    ) as found
  ) as item on item.schema = namespace.nspname::text
  where namespace.nspname = any(${nameArray(schemas)})
  group by namespace.nspname`;
}
