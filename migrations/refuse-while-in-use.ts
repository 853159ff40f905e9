import {
  columnDependents,
  fromFunctionsNaming,
  mayHaveDependents,
  triggerFunctionsNaming,
} from "./column-dependents.js";
import type { DeprecatedColumn } from "./deprecated-columns.js";
import { doBlock, quoteIdentifier, quoteLiteral } from "./quoting.js";

/**
 * Refuses (`COLUMN_IN_USE`) while anything depends on the column or would vanish with it, and warns of functions that
 * may name it. The caller has locked the table.
 */
export function refuseWhileInUse(schema: string, { table, column, hint }: DeprecatedColumn): string {
  const relation = `${quoteIdentifier(schema)}.${table}`;
  const key = `functions_naming_${column}`;
  return doBlock(`
declare
  relation constant regclass := ${quoteLiteral(relation)};
  attribute_number constant smallint := (
    select attnum from pg_attribute where attrelid = relation and attname = ${quoteLiteral(column)} and not attisdropped);
  uses jsonb;
  listed text;
  mentioned_by text;
begin
  -- Nearly always nothing hangs on the column but its own index, which one look-up tells.
  if ${mayHaveDependents("relation", "attribute_number")}
  then
    select jsonb_agg(jsonb_build_object('effect', used.effect, 'kind', used.kind, 'name', used.name)
        order by used.effect, used.kind, used.name),
      string_agg(used.kind || ' ' || used.name, ', ' order by used.effect, used.kind, used.name)
    into uses, listed
    from (${columnDependents("relation", "attribute_number")}
    union${triggerFunctionsNaming("relation", column)}
    ) as used;
  end if;
  if uses is not null then
    raise exception using errcode = 'MJ005',
      message = format('${table}.${column} is still used by %s: %s.',
        case jsonb_array_length(uses) when 1 then 'one object' else jsonb_array_length(uses) || ' objects' end, listed),
      hint = ${quoteLiteral(hint)},
      detail = jsonb_build_object('table', '${table}', 'column', '${column}', 'dependents', uses);
  end if;

  -- A body is text until it runs: nobody knows whether it means this column. Only sync reads warnings.
  if current_setting('marketplace_jobs.acknowledged', true) ~ '^report'
    and not '${key}' = any (string_to_array(current_setting('marketplace_jobs.acknowledged', true), ','))
    -- Few tenants have functions, and to read bodies costs as much as the whole rest.
    and exists (
      select from pg_depend
      where refclassid = 'pg_namespace'::regclass
        and refobjid = (select relnamespace from pg_class where oid = relation)
        and classid = 'pg_proc'::regclass)
  then
    select string_agg(format('%I.%I', ${quoteLiteral(schema)}, function.proname), ', ' order by function.proname)
    into mentioned_by
    ${fromFunctionsNaming("(select relnamespace from pg_class where oid = relation)", table, column)};
    if mentioned_by is not null then
      raise exception using errcode = 'MJ003',
        message = 'Functions may still name the column.',
        detail = json_build_object(
          'acknowledge', '${key}',
          'warning', 'these functions name ${table} and ${column}, and fail if they mean the dropped column: '
            || mentioned_by);
    end if;
  end if;
end`);
}
