import {
  columnDependents,
  fromFunctionsNaming,
  mayHaveDependents,
  triggerFunctionsNaming,
} from "../../migrations/column-dependents.js";
import { quoteLiteral } from "../../migrations/quoting.js";
import type { TenantColumn } from "./column-use.js";

/**
 * SQL that follows a CTE `wanted` of schemas (`oid`, `nspname`): for each of them whether it has the table and the
 * column, and what uses the column, by the very queries by which migration 0005 refuses and warns.
 *
 * OFFSET 0 and MATERIALIZED here and below: the planner expects few schemas, and would join them with all tables, all
 * dependencies and all triggers there are. This way each schema costs a few look-ups by index.
 */
export function columnUseQuery({ table, column }: TenantColumn): string {
  return `
    located as materialized (
      select wanted.oid, wanted.nspname, class.oid as relation, attribute.attnum
      from wanted
      left join lateral (
        select oid
        from pg_catalog.pg_class
        where relname = ${quoteLiteral(table)} and relnamespace = wanted.oid and relkind in ('r', 'p', 'f')
        offset 0
      ) as class on true
      left join lateral (
        select attnum
        from pg_catalog.pg_attribute
        where attrelid = class.oid and attname = ${quoteLiteral(column)} and not attisdropped
        offset 0
      ) as attribute on true
    ), depended_on as materialized (
      select located.oid, located.relation, located.attnum
      from located
      where located.attnum is not null and (${mayHaveDependents("located.relation", "located.attnum")})
    ), used as materialized (
      select depended_on.oid, dependent.effect, dependent.kind, dependent.name
      from depended_on
      cross join lateral (${columnDependents("depended_on.relation", "depended_on.attnum")}
        union${triggerFunctionsNaming("depended_on.relation", column)}
        offset 0
      ) as dependent
    ), naming as materialized (
      select located.oid, function.name
      from located
      cross join lateral (
        select format('%I.%I', located.nspname, function.proname) as name
        ${fromFunctionsNaming("located.oid", table, column)}
        offset 0
      ) as function
      where located.attnum is not null
    )
    select located.nspname::text as schema, quote_ident(located.nspname) || '.' as prefix,
      located.relation is not null as "hasTable", located.attnum is not null as "hasColumn",
      coalesce(uses.listed, '[]') as uses
    from located
    left join (
      select every.oid,
        json_agg(json_build_object('effect', every.effect, 'kind', every.kind, 'name', every.name)
          order by every.effect, every.kind, every.name)::text as listed
      from (
        select used.oid, used.effect, used.kind, used.name
        from used
        union
        -- A trigger function is listed already, by what it does to every write.
        select naming.oid, 'names', 'function', naming.name
        from naming
        where not exists (
          select from used
          where used.oid = naming.oid and used.kind = 'trigger function' and used.name = naming.name)
      ) as every
      group by every.oid
    ) as uses on uses.oid = located.oid`;
}
