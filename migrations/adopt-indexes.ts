import { quoteLiteral } from "./quoting.js";
import type { WantedTable } from "./wanted-table.js";

/** Part of the block of `adoptTable`: the indexes that are there, found by definition, get their canonical names. */
export function adoptIndexes(table: WantedTable): string {
  if (table.indexes.length === 0) return "";
  const prints = table.indexes.map(({ unique, printed }) =>
    quoteLiteral(`${unique === true ? "UNIQUE " : ""}${printed}`),
  );
  const wanted = table.indexes.map(({ name }, position) => `(${quoteLiteral(name)}, ${prints[position]})`);
  const names = table.indexes.map(({ name }) => quoteLiteral(name)).join(", ");
  return `
  -- Of several indexes with one definition one stays; an invalid one (a failed CREATE INDEX CONCURRENTLY) never does.
  -- An index of the host's that has one of our names gives it up.
  for item in
    select wanted.name, present.relname, present.printed <> wanted.printed as is_other,
      not present.indisvalid or row_number() over (
        partition by wanted.name, present.printed = wanted.printed
        order by present.indisvalid desc, present.relname <> wanted.name, present.relname) > 1 as superfluous
    from (values
      ${wanted.join(",\n      ")}
    ) as wanted (name, printed)
    join (
      select index_relation.relname, index.indisvalid, ${printedIndex(table.name)} as printed
      from pg_index as index
      join pg_class as index_relation on index_relation.oid = index.indexrelid
      where index.indrelid = adopted
        and not exists (select from pg_constraint where conindid = index.indexrelid and conrelid = adopted)
    ) as present
      on present.printed = wanted.printed
      or present.relname = wanted.name and present.printed <> all (array[${prints.join(", ")}])
    order by is_other desc, superfluous desc
  loop
    if item.is_other then
      execute format('alter index %I.%I rename to %I', schema_name, item.relname, item.name || '_left_over');
    elsif item.superfluous then
      execute format('drop index %I.%I', schema_name, item.relname);
    elsif item.relname <> item.name then
      execute format('alter index %I.%I rename to %I', schema_name, item.relname, item.name);
    end if;
  end loop;
  select string_agg(quote_ident(taken.relname), ', ' order by taken.relname) into listed
  from pg_class as taken
  where taken.relnamespace = (select relnamespace from pg_class where oid = adopted)
    and taken.relname = any (array[${names}])
    and not exists (
      select from pg_index as index
      where index.indexrelid = taken.oid and index.indrelid = adopted
        and not exists (select from pg_constraint where conindid = taken.oid and conrelid = adopted));
  if listed is not null then
    raise exception using errcode = 'MJ008',
      message = format('The names of our indexes belong to something else in this schema: %s.', listed),
      hint = 'Rename these objects, and run again.';
  end if;`;
}

/** What pg_get_indexdef prints, less the names of the index and its table. */
export function printedIndex(table: string): string {
  return `case when index.indisunique then 'UNIQUE ' else '' end || substr(
        pg_get_indexdef(index.indexrelid),
        length(format('CREATE %sINDEX %I ON %I.%I USING ', case when index.indisunique then 'UNIQUE ' else '' end,
          index_relation.relname, schema_name, ${quoteLiteral(table)})) + 1)`;
}
