import { meaningInSql, meaningOf } from "./printed-definition.js";
import { quoteLiteral } from "./quoting.js";
import type { WantedTable } from "./wanted-table.js";

/** Part of the block of `adoptTable`: the constraints, found by definition and called by their canonical names. */
export function adoptConstraints(table: WantedTable): string {
  const wanted = table.constraints.map(
    ({ name, source, printed }, position) =>
      `(${position}, ${[name, source, printed, meaningOf(printed)].map((text) => quoteLiteral(text)).join(", ")})`,
  );
  return `
  for item in
    -- Printed once each, and not for every comparison; the many NOT NULLs are none of them.
    with printed as materialized (
      select oid, conname, pg_get_constraintdef(oid) as printed
      from pg_constraint
      where conrelid = adopted and contype <> 'n'
    ), present as materialized (
      select oid, conname, printed, ${meaningInSql("printed")} as meaning from printed
    )
    select wanted.*, alike.conname, alike.printed <> wanted.printed as prints_otherwise,
      exists (
        select from pg_constraint
        where conrelid = adopted and conname = wanted.name and conname is distinct from alike.conname) as name_is_taken
    from (values
      ${wanted.join(",\n      ")}
    ) as wanted (position, name, source, printed, meaning)
    left join lateral (
      select present.conname, present.printed
      from present
      where present.meaning = wanted.meaning
      order by present.printed <> wanted.printed, present.conname <> wanted.name, present.oid
      limit 1
    ) as alike on true
    order by wanted.position
  loop
    if item.name_is_taken then
      execute format('alter table %s rename constraint %I to %I', table_name, item.name, item.name || '_left_over');
    end if;
    if item.prints_otherwise then
      execute format('alter table %s drop constraint %I, add constraint %I %s',
        table_name, item.conname, item.name, item.source);
    elsif item.conname is null then
      execute format('alter table %s add constraint %I %s', table_name, item.name, item.source);
    elsif item.conname <> item.name then
      execute format('alter table %s rename constraint %I to %I', table_name, item.conname, item.name);
    end if;
  end loop;
  -- Since PostgreSQL 18 a NOT NULL has a name too, which keeps a former table name.
  for item in
    select present.conname, ${quoteLiteral(`${table.name}_`)} || attribute.attname || '_not_null' as name
    from pg_constraint as present
    join pg_attribute as attribute on attribute.attrelid = present.conrelid and attribute.attnum = present.conkey[1]
    where present.conrelid = adopted and present.contype = 'n'
      and attribute.attname = any (array[${table.columns.map(({ name }) => quoteLiteral(name)).join(", ")}])
  loop
    if item.conname <> item.name then
      execute format('alter table %s rename constraint %I to %I', table_name, item.conname, item.name);
    end if;
  end loop;`;
}
