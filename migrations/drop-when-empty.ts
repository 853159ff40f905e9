import { OPENING } from "./opening.js";
import { doBlock, quoteIdentifier, quoteLiteral } from "./quoting.js";

/** Drops a table that holds no row; refuses otherwise, because no later `up` could bring the rows back. */
export function dropWhenEmpty(schema: string, table: string): string {
  const relation = `${quoteIdentifier(schema)}.${table}`;
  return `${OPENING}

${doBlock(`
declare
  rows_left bigint;
begin
  if to_regclass(${quoteLiteral(relation)}) is null then
    return;
  end if;
  lock table ${relation} in access exclusive mode;
  select count(*) into rows_left from ${relation};
  if rows_left > 0 then
    raise exception using errcode = 'MJ006',
      message = format('Going back would drop ${table}, which holds %s rows.', rows_left),
      hint = 'Copy the rows away and empty the table first, or stay at this migration.',
      detail = json_build_object('table', '${table}', 'rows', rows_left);
  end if;
  drop table ${relation};
end`)}`;
}
