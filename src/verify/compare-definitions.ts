import type { ComparedTable } from "./compare-tables.js";
import type { UnmendedDrift } from "./drift.js";
import { isOfLegacy } from "./legacy-definitions.js";
import type { ManifestItem } from "./manifest.js";
import { createObject, dropObject, renameObject, replaceObject } from "./mend-object.js";
import type { StructureItem } from "./structure-item.js";

type DefinedKind = "constraint" | "index" | "sequence";

const DEFINED_KINDS: readonly DefinedKind[] = ["constraint", "index", "sequence"];

/**
 * Constraints, indexes and sequences by what they are, not by their names: one with a canonical definition is ours
 * under any name, and so is one that the legacy system is known to have made.
 */
export function compareDefinitions(
  table: ComparedTable,
  expected: readonly ManifestItem[],
  found: readonly StructureItem[],
): { readonly drift: readonly UnmendedDrift[]; readonly extra: readonly StructureItem[] } {
  const drift: UnmendedDrift[] = [];
  const extra: StructureItem[] = [];
  for (const kind of DEFINED_KINDS) {
    const rest = new Set(found.filter((item) => item.kind === kind));
    const wantedItems = expected.filter((item) => item.kind === kind);
    for (const wanted of wantedItems) {
      const here = pick(wanted, rest);
      if (here === undefined) drift.push(missing(wanted));
      else if (here.definition !== wanted.definition) drift.push(different(wanted, here));
      else if (here.name !== wanted.name) drift.push(misnamed(table, wanted, here));
      if (here !== undefined) rest.delete(here);
    }
    for (const item of rest) {
      const repeated = repeatedBy(item, expected);
      if (repeated === undefined && !isOfLegacy(table.expectedName, item)) extra.push(item);
      else drift.push(superfluous(table, item, repeated));
    }
  }
  return { drift, extra };
}

/** The item that is `wanted`: by definition first, since an index may go by five names; then by name. */
function pick(wanted: ManifestItem, candidates: ReadonlySet<StructureItem>): StructureItem | undefined {
  const same = [...candidates].filter(({ definition }) => definition === wanted.definition);
  return (
    same.find(({ name }) => name === wanted.name) ?? same[0] ?? [...candidates].find(({ name }) => name === wanted.name)
  );
}

/** The canonical object that makes this one superfluous: an index over the columns of a unique constraint, say. */
function repeatedBy(item: StructureItem, expected: readonly ManifestItem[]): ManifestItem | undefined {
  return expected.find(
    (other) =>
      (other.kind === item.kind && other.definition === item.definition) ||
      (item.kind === "index" &&
        other.kind === "constraint" &&
        `UNIQUE ${item.definition.replace(/^(unique )?btree /, "")}` === other.definition),
  );
}

function missing(wanted: ManifestItem): UnmendedDrift {
  return {
    kind: wanted.kind,
    table: wanted.table,
    name: wanted.name,
    difference: "missing",
    message: `${wanted.kind} ${wanted.name} of ${wanted.table} (${wanted.definition}) is missing`,
    expected: wanted.definition,
    mendedBy: wanted.since,
    mendIn: createObject(wanted),
  };
}

function different(wanted: ManifestItem, here: StructureItem): UnmendedDrift {
  return {
    kind: wanted.kind,
    table: wanted.table,
    name: wanted.name,
    difference: "different",
    message: `${wanted.kind} ${wanted.name} of ${wanted.table} is ${here.definition}, not ${wanted.definition}`,
    expected: wanted.definition,
    found: here.definition,
    mendedBy: wanted.since,
    mendIn: replaceObject(wanted, here),
  };
}

function misnamed(table: ComparedTable, wanted: ManifestItem, here: StructureItem): UnmendedDrift {
  return {
    kind: wanted.kind,
    table: table.expectedName,
    name: wanted.name,
    difference: "misnamed",
    message: `${wanted.kind} ${wanted.name} of ${table.expectedName} is named ${here.name}`,
    expected: wanted.name,
    found: here.name,
    mendedBy: wanted.since,
    mendIn: renameObject(table.foundName, wanted, here),
  };
}

function superfluous(table: ComparedTable, item: StructureItem, repeated: ManifestItem | undefined): UnmendedDrift {
  const reason = repeated === undefined ? "belongs to the legacy system" : `repeats ${repeated.kind} ${repeated.name}`;
  return {
    kind: item.kind,
    table: table.expectedName,
    name: item.name,
    difference: "superfluous",
    message: `${item.kind} ${item.name} of ${table.expectedName} (${item.definition}) ${reason}`,
    found: item.definition,
    mendedBy: table.since,
    mendIn: dropObject(table.foundName, item),
  };
}
