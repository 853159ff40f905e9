import { meaningInSql, meaningOf } from "./printed-definition.js";
import { doBlock, quoteIdentifier, quoteLiteral } from "./quoting.js";
import type { WantedTable } from "./wanted-table.js";

/** Part of the block of `adoptTable`: the indexes that are there, found by definition, get their canonical names. */
export function adoptIndexes(table: WantedTable): string {
  if (table.indexes.length === 0) return "";
  const prints = table.indexes.map(({ unique, printed }) => `${unique === true ? "UNIQUE " : ""}${printed}`);
  const meanings = prints.map((printed) => quoteLiteral(meaningOf(printed)));
  const wanted = table.indexes.map(
    ({ name }, position) =>
      `(${quoteLiteral(name)}, ${quoteLiteral(prints[position] ?? "")}, ${meanings[position] ?? ""})`,
  );
  return `
  -- Of several indexes with one definition one stays, and an invalid one (a failed CREATE INDEX CONCURRENTLY) never
  -- does, nor one that prints otherwise. An index of the host's that has one of our names gives it up.
  for item in
    -- Printed once each, and not for every comparison.
    with printed as materialized (
      select index_relation.relname, index.indisvalid, ${printedIndex(table.name)} as printed
      from pg_index as index
      join pg_class as index_relation on index_relation.oid = index.indexrelid
      where index.indrelid = adopted
        and not exists (select from pg_constraint where conindid = index.indexrelid and conrelid = adopted)
    ), present as materialized (
      select relname, indisvalid, printed, ${meaningInSql("printed")} as meaning from printed
    )
    select wanted.name, present.relname, present.meaning <> wanted.meaning as is_other,
      not present.indisvalid or present.printed <> wanted.printed or row_number() over (
        partition by wanted.name, present.meaning = wanted.meaning
        order by present.indisvalid desc, present.printed <> wanted.printed, present.relname <> wanted.name,
          present.relname) > 1 as superfluous
    from (values
      ${wanted.join(",\n      ")}
    ) as wanted (name, printed, meaning)
    join present
      on present.meaning = wanted.meaning
      or present.relname = wanted.name and present.meaning <> all (array[${meanings.join(", ")}])
    order by is_other desc, superfluous desc
  loop
    if item.is_other then
      execute format('alter index %I.%I rename to %I', schema_name, item.relname, item.name || '_left_over');
    elsif item.superfluous then
      execute format('drop index %I.%I', schema_name, item.relname);
    elsif item.relname <> item.name then
      execute format('alter index %I.%I rename to %I', schema_name, item.relname, item.name);
    end if;
  end loop;`;
}

/** CREATE INDEX IF NOT EXISTS would take whatever has the name for the index. */
export function refuseTakenIndexNames(schema: string, table: WantedTable): string {
  const relation = `${quoteIdentifier(schema)}.${table.name}`;
  const names = table.indexes.map(({ name }) => quoteLiteral(name)).join(", ");
  return doBlock(`
declare
  indexed constant regclass := ${quoteLiteral(relation)};
  listed text;
begin
  select string_agg(quote_ident(taken.relname), ', ' order by taken.relname) into listed
  from pg_class as taken
  where taken.relnamespace = (select relnamespace from pg_class where oid = indexed)
    and taken.relname = any (array[${names}])
    and not exists (
      select from pg_index as index
      where index.indexrelid = taken.oid and index.indrelid = indexed
        and not exists (select from pg_constraint where conindid = taken.oid and conrelid = indexed));
  if listed is not null then
    raise exception using errcode = 'MJ008',
      message = format('The names of our indexes belong to something else in this schema: %s.', listed),
      hint = 'Rename these objects, and run again.';
  end if;
end`);
}

/** What pg_get_indexdef prints, less the names of the index and its table. */
export function printedIndex(table: string): string {
  return `case when index.indisunique then 'UNIQUE ' else '' end || substr(
        pg_get_indexdef(index.indexrelid),
        length(format('CREATE %sINDEX %I ON %I.%I USING ', case when index.indisunique then 'UNIQUE ' else '' end,
          index_relation.relname, schema_name, ${quoteLiteral(table)})) + 1)`;
}
