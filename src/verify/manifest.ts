import { migrations, sharedMigrations } from "../../migrations/index.js";
import { meaningOf } from "../../migrations/printed-definition.js";
import manifest from "./canonical-manifest.json" with { type: "json" };
import type { StructureItem, StructureKind } from "./structure-item.js";

/** An item of the canonical structure, and between which migrations it exists. */
export interface ManifestItem extends StructureItem {
  /** The migration that creates it. */
  readonly since: string;
  /** The migration that drops or changes it. */
  readonly until?: string | undefined;
  /** The name that CREATE TABLE … LIKE gives its copy, where that is another one; as good as its own. */
  readonly nameInClone?: string | undefined;
}

export type ManifestPart = "tenant" | "shared";

const items: Readonly<Record<ManifestPart, readonly ManifestItem[]>> = {
  tenant: manifest.tenant.map((item) => ({ ...item, kind: item.kind as StructureKind })),
  shared: manifest.shared.map((item) => ({ ...item, kind: item.kind as StructureKind })),
};

const names: Readonly<Record<ManifestPart, readonly string[]>> = {
  tenant: Object.keys(migrations),
  shared: Object.keys(sharedMigrations),
};

/** The names of our migrations of a tenant or of the shared schema, in order. */
export function migrationNames(part: ManifestPart): readonly string[] {
  return names[part];
}

/** The canonical structure once that migration, and with it every earlier one, is applied. */
export function structureAt(part: ManifestPart, migration: string): readonly ManifestItem[] {
  return items[part].filter(({ since, until }) => since <= migration && (until === undefined || migration < until));
}

const printed: ReadonlyMap<string, string> = new Map(
  [...items.tenant, ...items.shared].map((item) => [meaningKey(item), item.definition]),
);

/**
 * A definition as the manifest has it, where it means the same: after a dump and restore, or pg_upgrade, PostgreSQL
 * prints checks and predicates with other casts.
 */
export function asInManifest(item: StructureItem): StructureItem {
  if (item.kind !== "constraint" && item.kind !== "index") return item;
  const definition = printed.get(meaningKey(item));
  return definition === undefined || definition === item.definition ? item : { ...item, definition };
}

function meaningKey({ kind, table, definition }: StructureItem): string {
  return `${kind} ${table} ${meaningOf(definition)}`;
}
