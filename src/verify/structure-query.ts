import { quoteLiteral } from "../../migrations/quoting.js";
import { columnItems, tableItems } from "./table-items.js";
import { constraintItems, constraintSources } from "./constraint-items.js";
import { hostItems } from "./host-items.js";
import { indexItems, indexSources } from "./index-items.js";
import { dependencySource, leftOverItems, sequenceItems } from "./sequence-items.js";
import type { ManifestPart } from "./manifest.js";
import { CATALOG_LOCK_TIMEOUT_MS } from "./read-around-locks.js";

/** The tables that are ours, the former name of one included. */
const TABLES: Readonly<Record<ManifestPart, readonly string[]>> = {
  tenant: ["batch_jobs", "marketplace_jobs", "marketplace_job_stats", "vinted_job_stats"],
  shared: ["marketplace_action_types"],
};

/**
 * A query for the structure of all those schemas in one pass over the catalog: a row for each table, column,
 * constraint, index, sequence, and for what a host has hung on the tables, with the columns `schema`, `kind`,
 * `table`, `name`, `definition`.
 *
 * Definitions are PostgreSQL's own prints, because its stored expressions number columns by position, which differs
 * between a clone and a migrated tenant. It is plain text, so that a repair can ask it again under its lock.
 */
export function structureQuery(schemas: readonly string[], part: ManifestPart): string {
  return `
    with printing as materialized (
      -- Quoted in any other way, equal definitions would print differently. Both last as long as this statement.
      select set_config('quote_all_identifiers', 'off', true),
        set_config('lock_timeout', '${CATALOG_LOCK_TIMEOUT_MS}ms', true)
    ), tenant as materialized (
      select namespace.oid, namespace.nspname, quote_ident(namespace.nspname) || '.' as prefix
      from printing cross join pg_catalog.pg_namespace as namespace
      where namespace.nspname = any(${nameArray(schemas)})
    ), relation as materialized (
      select class.oid, class.relname, class.relkind, class.relpersistence, class.relrowsecurity, class.relnamespace,
        tenant.nspname, tenant.prefix
      from tenant
      cross join lateral (
        select oid, relname, relkind, relpersistence, relrowsecurity, relnamespace
        from pg_catalog.pg_class
        where relname = any(${nameArray(TABLES[part])}) and relnamespace = tenant.oid
          and relkind in ('r', 'p', 'f', 'v', 'm')
        -- OFFSET 0 here and below: the planner expects few schemas and would scan the catalog of all.
        offset 0
      ) as class
    ), ${constraintSources}, ${indexSources}, ${dependencySource}
    ${[...tableParts, leftOverItems].join("\n    union all\n    ")}`;
}

const tableParts = [tableItems, columnItems, constraintItems, indexItems, sequenceItems, ...hostItems];

export function nameArray(names: readonly string[]): string {
  return `array[${names.map((name) => quoteLiteral(name)).join(", ")}]::name[]`;
}
