import { quoteIdentifier } from "../../migrations/quoting.js";
import type { Mend } from "./drift.js";
import { isOfLegacy, wantedTable } from "./legacy-definitions.js";
import type { ManifestItem } from "./manifest.js";
import type { StructureItem } from "./structure-item.js";

/**
 * Creates a missing constraint or index. It is written as the migrations write it: what PostgreSQL prints, read again,
 * is stored with other casts and would print differently.
 */
export function createObject({ kind, table, name }: ManifestItem): Mend {
  const wanted = wantedTable(table);
  if (name === "marketplace_jobs_batch_job_id_fkey") return linkToBatches();
  const constraint = wanted?.constraints.find((candidate) => kind === "constraint" && candidate.name === name);
  if (constraint !== undefined) {
    return { sql: (schema) => `alter table ${relation(schema, table)} add constraint ${name} ${constraint.source};` };
  }
  const index = wanted?.indexes.find((candidate) => kind === "index" && candidate.name === name);
  if (index === undefined) return { refusal: `Nobody knows how to create ${name} without a look at the rows.` };
  const what = index.unique === true ? "unique index" : "index";
  return { sql: (schema) => `create ${what} ${name} on ${relation(schema, table)} ${index.source};` };
}

function linkToBatches(): Mend {
  return {
    sql: (schema) =>
      `alter table ${relation(schema, "marketplace_jobs")} add constraint marketplace_jobs_batch_job_id_fkey ` +
      `foreign key (batch_job_id) references ${relation(schema, "batch_jobs")} (id) on delete set null;`,
  };
}

/**
 * Makes of what is there what should be. What the legacy system made, or was never finished, is dropped and created
 * anew: a constraint or an index holds no data. A host's own that has our name gives the name up.
 */
export function replaceObject(wanted: ManifestItem, here: StructureItem): Mend {
  const { kind, table, name } = wanted;
  if (kind === "sequence") return numberAsWanted(wanted);
  if (here.definition === `${wanted.definition} NOT VALID`) {
    return { sql: (schema) => `alter table ${relation(schema, table)} validate constraint ${name};` };
  }
  const remove = isOfLegacy(table, here) ? dropObject(here) : renameObject(`${name}_left_over`, here);
  const create = createObject(wanted);
  if ("refusal" in remove) return remove;
  if ("refusal" in create) return create;
  return { sql: (schema) => `${remove.sql(schema)}\n${create.sql(schema)}` };
}

/** Its next number stays; PostgreSQL refuses when that is out of bounds. */
function numberAsWanted({ name, definition }: ManifestItem): Mend {
  const highest = Number(/up to (\d+)/.exec(definition)?.[1]);
  const type = highest > 2_147_483_647 ? "bigint" : "integer";
  return {
    sql: (schema) =>
      `alter sequence ${relation(schema, name)} as ${type} increment by 1 minvalue 1 no maxvalue no cycle;`,
  };
}

/** Drops a constraint or an index that nothing needs; never a sequence, which other schemas may draw from. */
export function dropObject({ kind, table, name }: StructureItem): Mend {
  if (kind === "constraint") {
    return {
      sql: (schema) => `alter table ${relation(schema, table)} drop constraint ${quoteIdentifier(name)};`,
    };
  }
  if (kind === "index") return { sql: (schema) => `drop index ${relation(schema, name)};` };
  return { refusal: "Other schemas may draw their ids from it. Drop it when nothing depends on it." };
}

export function renameObject(to: string, { kind, table, name }: StructureItem): Mend {
  if (kind === "constraint") {
    return {
      sql: (schema) => `alter table ${relation(schema, table)} rename constraint ${quoteIdentifier(name)} to ${to};`,
    };
  }
  return { sql: (schema) => `alter ${kind} ${relation(schema, name)} rename to ${to};` };
}

function relation(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
