import { columnDependents } from "./column-dependents.js";
import { quoteLiteral } from "./quoting.js";
import type { WantedTable } from "./wanted-table.js";

/**
 * Part of the block of `adoptTable`: missing columns, types, collations, defaults, nullability; all of it in one ALTER
 * TABLE, which reads and writes the table once at most.
 */
export function adoptColumns(table: WantedTable): string {
  const wanted = table.columns.map(({ name, type, nullable, default: expression, deprecated }, position) => {
    const fallback = expression === undefined ? "null" : quoteLiteral(expression);
    const flags = `${nullable !== true}, ${fallback}, ${deprecated === true}`;
    return `(${position}, ${quoteLiteral(name)}, ${quoteLiteral(type)}, ${flags})`;
  });
  return `
  for item in
    select wanted.*, attribute.attnum, attribute.attnotnull,
      format_type(attribute.atttypid, attribute.atttypmod) = wanted.type
        and attribute.attcollation = type.typcollation as has_type,
      pg_get_expr(fallback.adbin, fallback.adrelid) as present_default
    from (values
      ${wanted.join(",\n      ")}
    ) as wanted (position, name, type, required, fallback, deprecated)
    left join pg_attribute as attribute
      on attribute.attrelid = adopted and attribute.attname = wanted.name and not attribute.attisdropped
    left join pg_type as type on type.oid = attribute.atttypid
    left join pg_attrdef as fallback
      on fallback.adrelid = attribute.attrelid and fallback.adnum = attribute.attnum
    order by wanted.position
  loop
    if item.attnum is null then
      actions := actions || (format('add column %I %s', item.name, item.type)
        || coalesce(' default ' || item.fallback, '')
        || case when item.required then ' not null' else '' end);
      continue;
    end if;
    if not item.has_type then
      select jsonb_agg(jsonb_build_object('effect', used.effect, 'kind', used.kind, 'name', used.name)
          order by used.kind, used.name),
        string_agg(used.kind || ' ' || used.name, ', ' order by used.kind, used.name)
      into dependents, listed
      from (${columnDependents("adopted", "item.attnum")}
      ) as used
      where used.effect = 'blocks' and used.kind <> 'foreign key';
      if dependents is not null and not item.deprecated then
        raise exception using errcode = 'MJ005',
          message = format('The type of ${table.name}.%I cannot change while these depend on it: %s.', item.name, listed),
          hint = 'Drop them, run again, and create them anew.',
          detail = jsonb_build_object('table', ${quoteLiteral(table.name)}, 'column', item.name, 'dependents', dependents);
      elsif dependents is null then
        -- An assignment to a shorter type cuts trailing blanks off without a word.
        if item.type like 'character varying%' then
          execute format('select count(*) from %s where %I::text collate "C" <> %I::text::%s::text collate "C"',
            table_name, item.name, item.name, item.type) into lossy;
          if lossy > 0 then
            raise exception using errcode = 'MJ008',
              message = format('%s values of ${table.name}.%I do not fit into %s.', lossy, item.name, item.type),
              hint = 'Shorten or correct these values, and run again.',
              detail = json_build_object('table', ${quoteLiteral(table.name)}, 'column', item.name, 'count', lossy);
          end if;
        end if;
        -- A default of the old type has no cast to the new one.
        if item.present_default is not null then
          actions := actions || format('alter column %I drop default', item.name);
          item.present_default := null;
        end if;
        actions := actions || format('alter column %I type %s', item.name, item.type);
      end if;
    end if;
    if item.name <> 'id' and item.present_default is distinct from item.fallback then
      actions := actions || (format('alter column %I ', item.name)
        || coalesce('set default ' || item.fallback, 'drop default'));
    end if;
    if item.attnotnull <> item.required then
      actions := actions || format('alter column %I %s not null',
        item.name, case when item.required then 'set' else 'drop' end);
    end if;
  end loop;
  if cardinality(actions) > 0 then
    execute format('alter table %s ', table_name) || array_to_string(actions, ', ');
  end if;`;
}
