import type { ComparedTable } from "./compare-tables.js";
import type { UnmendedDrift } from "./drift.js";
import type { ManifestItem } from "./manifest.js";
import { mendColumn, mendIdentity } from "./mend-column.js";
import type { StructureItem } from "./structure-item.js";

/** Columns that only the legacy code uses, and that a migration drops. */
const DEPRECATED_COLUMNS = ["marketplace_jobs.batch_id", "marketplace_job_stats.avg_duration_ms"];

const DROPPED_BY = "0005_drop_marketplace_jobs_batch_id";

interface PartOfComparison {
  readonly drift: readonly UnmendedDrift[];
  readonly extra: readonly StructureItem[];
}

/** Columns by name: their order does not matter, and columns that are not ours are a host's own. */
export function compareColumns(
  table: ComparedTable,
  expected: readonly ManifestItem[],
  found: readonly StructureItem[],
): PartOfComparison {
  const present = new Map(found.filter(({ kind }) => kind === "column").map((item) => [item.name, item]));
  const drift: UnmendedDrift[] = [];
  for (const wanted of expected.filter(({ kind }) => kind === "column")) {
    const here = present.get(wanted.name);
    present.delete(wanted.name);
    if (here?.definition === wanted.definition) continue;
    drift.push(here === undefined ? missingColumn(wanted) : differentColumn(wanted, here));
  }
  const extra: StructureItem[] = [];
  for (const item of present.values()) {
    if (!DEPRECATED_COLUMNS.includes(`${table.expectedName}.${item.name}`)) {
      extra.push(item);
      continue;
    }
    drift.push({
      kind: "column",
      table: table.expectedName,
      name: item.name,
      difference: "superfluous",
      message: `the deprecated column ${table.expectedName}.${item.name} is still there`,
      found: item.definition,
      mendedBy: DROPPED_BY,
    });
  }
  return { drift, extra };
}

function missingColumn(wanted: ManifestItem): UnmendedDrift {
  return {
    kind: "column",
    table: wanted.table,
    name: wanted.name,
    difference: "missing",
    message: `column ${wanted.table}.${wanted.name} (${wanted.definition}) is missing`,
    expected: wanted.definition,
    mendedBy: wanted.since,
    mendIn: mendColumn(wanted, undefined),
  };
}

function differentColumn(wanted: ManifestItem, here: StructureItem): UnmendedDrift {
  const base = {
    kind: "column",
    table: wanted.table,
    name: wanted.name,
    difference: "different",
    expected: wanted.definition,
    found: here.definition,
    mendedBy: wanted.since,
  } as const;
  const sequence = /^integer not null default nextval\('(?<name>.+)'::regclass\)$/.exec(here.definition)?.groups?.[
    "name"
  ];
  if (wanted.name === "id" && sequence !== undefined) {
    return {
      ...base,
      message: `ids of ${wanted.table} come from the sequence ${sequence} instead of an identity of the table's own`,
      mendIn: mendIdentity(wanted.table),
    };
  }
  return {
    ...base,
    message: `column ${wanted.table}.${wanted.name} is ${here.definition}, not ${wanted.definition}`,
    mendIn: mendColumn(wanted, here),
  };
}
