import type { ComparedTable } from "./compare-tables.js";
import { parseColumnDefinition } from "./column-definition.js";
import type { UnmendedDrift } from "./drift.js";
import type { ManifestItem } from "./manifest.js";
import { addColumn, alterColumn } from "./mend-column.js";
import type { StructureItem } from "./structure-item.js";

/** Columns that only the legacy code uses, and that a migration drops. */
const DEPRECATED_COLUMNS = new Set(["marketplace_jobs.batch_id", "marketplace_job_stats.avg_duration_ms"]);

const DROPPED_BY = "0005_drop_marketplace_jobs_batch_id";

interface ColumnComparison {
  readonly drift: readonly UnmendedDrift[];
  readonly extra: readonly StructureItem[];
  readonly notices: readonly string[];
}

/** Columns by name: their order does not matter, and columns that are not ours are a host's own. */
export function compareColumns(
  table: ComparedTable,
  expected: readonly ManifestItem[],
  found: readonly StructureItem[],
): ColumnComparison {
  const present = new Map(found.filter(({ kind }) => kind === "column").map((item) => [item.name, item]));
  const drift: UnmendedDrift[] = [];
  for (const wanted of expected.filter(({ kind }) => kind === "column")) {
    const here = present.get(wanted.name);
    present.delete(wanted.name);
    if (here?.definition === wanted.definition) continue;
    drift.push(here === undefined ? missing(wanted) : different(wanted, here));
  }
  const isDeprecated = ({ name }: StructureItem): boolean => DEPRECATED_COLUMNS.has(`${table.expectedName}.${name}`);
  const extra = [...present.values()].filter((item) => !isDeprecated(item));
  return {
    drift: [...drift, ...[...present.values()].filter(isDeprecated).map((item) => deprecated(table, item))],
    extra,
    notices: extra.filter(refusesOurRows).map(({ name }) => {
      return `column ${table.expectedName}.${name} is not ours, is required and has no default: no row can be inserted without naming it`;
    }),
  };
}

function missing(wanted: ManifestItem): UnmendedDrift {
  return {
    kind: "column",
    table: wanted.table,
    name: wanted.name,
    difference: "missing",
    message: `column ${wanted.table}.${wanted.name} (${wanted.definition}) is missing`,
    expected: wanted.definition,
    mendedBy: wanted.since,
    mend: addColumn(wanted),
  };
}

function different(wanted: ManifestItem, here: StructureItem): UnmendedDrift {
  return {
    kind: "column",
    table: wanted.table,
    name: wanted.name,
    difference: "different",
    message: differenceInWords(wanted, here),
    expected: wanted.definition,
    found: here.definition,
    mendedBy: wanted.since,
    mend: alterColumn(wanted, here),
  };
}

function differenceInWords({ table, name, definition }: ManifestItem, here: StructureItem): string {
  const sequence = /^nextval\('(?<name>.+)'::regclass\)$/.exec(parseColumnDefinition(here.definition).fallback ?? "")
    ?.groups?.["name"];
  return name === "id" && sequence !== undefined
    ? `ids of ${table} come from the sequence ${sequence} instead of an identity of the table's own`
    : `column ${table}.${name} is ${here.definition}, not ${definition}`;
}

function deprecated(table: ComparedTable, item: StructureItem): UnmendedDrift {
  return {
    kind: "column",
    table: table.expectedName,
    name: item.name,
    difference: "superfluous",
    message: `the deprecated column ${table.expectedName}.${item.name} is still there`,
    found: item.definition,
    mendedBy: DROPPED_BY,
    mend: {
      refusal: `It may hold what stands nowhere else. Take ${DROPPED_BY} out of the ledger and sync, which proves that it does not.`,
    },
  };
}

function refusesOurRows({ definition }: StructureItem): boolean {
  const { isRequired, generation, fallback } = parseColumnDefinition(definition);
  return isRequired && generation === "" && fallback === undefined;
}
