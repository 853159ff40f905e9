import type { Kysely } from "kysely";
import type { SchemaState } from "../sync/schema-state.js";
import { compareStructure } from "./compare-structure.js";
import type { StructureComparison } from "./drift.js";
import { fingerprintOf } from "./fingerprint.js";
import { type ManifestPart, migrationNames, structureAt } from "./manifest.js";
import { readLikenesses, readStructures } from "./read-structures.js";
import type { StructureItem } from "./structure-item.js";
import { carriesTenant, nameInTenant } from "./tenant-free-name.js";

/** What a schema was found to be, beside what it should be at the migration that it has. */
export interface ComparedStructure {
  /** The hash of all that was seen; a repair proves by it that nothing has changed since. */
  readonly likeness: string;
  /** A hash of what is ours alone. */
  readonly fingerprint: string;
  readonly comparison: StructureComparison;
}

/**
 * Compares many schemas with the canonical structure: one pass over the catalog for a thousand of them to tell them
 * apart, one more for an example of each structure that was met. A schema that has vanished is left out, and one that
 * somebody keeps locked is told to `onLocked`.
 */
export async function compareStructures(
  db: Kysely<any>,
  part: ManifestPart,
  states: readonly SchemaState[],
  onLocked: (schema: string, error: unknown) => void,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ComparedStructure>> {
  const likenesses = await readLikenesses(
    db,
    states.map(({ schema }) => schema),
    part,
    onLocked,
  );
  signal?.throwIfAborted();
  const structures = await readExamples(db, part, likenesses, onLocked);
  const shared = new Map<string, ComparedStructure>();
  const compared = new Map<string, ComparedStructure>();
  for (const { schema, recorded } of states) {
    const likeness = likenesses.get(schema);
    if (likeness === undefined) continue;
    const items = structures.get(likeness) ?? [];
    const level = migrationNames(part).findLast((name) => recorded.includes(name));
    const key = `${level} ${likeness}`;
    let found = shared.get(key);
    if (found === undefined) {
      found = compareItems(part, level, { schema, likeness, items });
      // Where a name carries the tenant's, what is said about it holds for this tenant alone.
      if (!items.some(isOfOneTenant)) shared.set(key, found);
    }
    compared.set(schema, found);
  }
  return compared;
}

interface FoundItems {
  readonly schema: string;
  readonly likeness: string;
  readonly items: readonly StructureItem[];
}

function compareItems(
  part: ManifestPart,
  level: string | undefined,
  { schema, likeness, items }: FoundItems,
): ComparedStructure {
  const restored = items.map((item) =>
    isOfOneTenant(item)
      ? { ...item, name: nameInTenant(item.name, schema), definition: nameInTenant(item.definition, schema) }
      : item,
  );
  // A schema without a ledger is compared with the newest: what it lacks is what its migrations will bring.
  const expected = structureAt(part, level ?? migrationNames(part).at(-1) ?? "");
  const comparison = compareStructure(expected, restored);
  return { likeness, fingerprint: fingerprintOf(items, restored, comparison), comparison };
}

function isOfOneTenant({ name, definition }: StructureItem): boolean {
  return carriesTenant(name) || carriesTenant(definition);
}

/**
 * The structure behind each likeness, read from one schema that has it. One that was changed or dropped since its
 * likeness was read takes its new place in `likenesses`, and another schema is read instead.
 */
async function readExamples(
  db: Kysely<any>,
  part: ManifestPart,
  likenesses: Map<string, string>,
  onLocked: (schema: string, error: unknown) => void,
): Promise<ReadonlyMap<string, readonly StructureItem[]>> {
  const structures = new Map<string, readonly StructureItem[]>();
  for (;;) {
    const examples = new Map<string, string>();
    for (const [schema, likeness] of likenesses) if (!structures.has(likeness)) examples.set(likeness, schema);
    if (examples.size === 0) return structures;
    const schemas = [...examples.values()];
    const read = await readStructures(db, schemas, part, onLocked);
    for (const schema of schemas) {
      const structure = read.get(schema);
      if (structure === undefined) {
        likenesses.delete(schema);
        continue;
      }
      likenesses.set(schema, structure.likeness);
      structures.set(structure.likeness, structure.items);
    }
  }
}
