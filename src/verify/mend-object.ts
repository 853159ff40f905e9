import { quoteIdentifier } from "../../migrations/quoting.js";
import { wantedTable } from "./legacy-definitions.js";
import type { ManifestItem } from "./manifest.js";
import type { StructureItem } from "./structure-item.js";

type Mend = ((schema: string) => string) | undefined;

/**
 * The statement that creates a missing constraint or index. It is written as the migrations write it: what
 * PostgreSQL prints, read again, is stored with other casts and would print differently.
 */
export function createObject({ kind, table, name }: ManifestItem): Mend {
  const wanted = wantedTable(table);
  if (kind === "constraint") {
    const source = wanted?.constraints.find((constraint) => constraint.name === name)?.source;
    if (source !== undefined)
      return (schema) => `alter table ${relation(schema, table)} add constraint ${name} ${source};`;
    if (name !== "marketplace_jobs_batch_job_id_fkey") return undefined;
    return (schema) =>
      `alter table ${relation(schema, table)} add constraint ${name} ` +
      `foreign key (batch_job_id) references ${relation(schema, "batch_jobs")} (id) on delete set null;`;
  }
  const index = kind === "index" ? wanted?.indexes.find((candidate) => candidate.name === name) : undefined;
  if (index === undefined) return undefined;
  return (schema) =>
    `create ${index.unique === true ? "unique index" : "index"} ${name} on ${relation(schema, table)} ${index.source};`;
}

/** Drops what is there and creates what should be: a constraint or an index holds no data of its own. */
export function replaceObject(wanted: ManifestItem, here: StructureItem): Mend {
  const drop = dropObject(wanted.table, here);
  const create = createObject(wanted);
  if (drop === undefined || create === undefined) return undefined;
  return (schema) => `${drop(schema)}\n${create(schema)}`;
}

/** Drops a constraint or an index that nothing needs; never a sequence, which other schemas may draw from. */
export function dropObject(table: string, { kind, name }: StructureItem): Mend {
  if (kind === "constraint") {
    return (schema) => `alter table ${relation(schema, table)} drop constraint ${quoteIdentifier(name)};`;
  }
  return kind === "index" ? (schema) => `drop index ${relation(schema, name)};` : undefined;
}

export function renameObject(table: string, wanted: ManifestItem, here: StructureItem): Mend {
  switch (wanted.kind) {
    case "constraint":
      return (schema) =>
        `alter table ${relation(schema, table)} rename constraint ${quoteIdentifier(here.name)} to ${wanted.name};`;
    case "index":
      return (schema) => `alter index ${relation(schema, here.name)} rename to ${wanted.name};`;
    default:
      return (schema) => `alter sequence ${relation(schema, here.name)} rename to ${wanted.name};`;
  }
}

function relation(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
