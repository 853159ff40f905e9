import { doBlock, quoteLiteral } from "./quoting.js";

/** The comment on a sequence that its table does not need any more, while tables of other schemas draw from it. */
export const LEFT_OVER = "Left over by marketplace-jobs: dropped by the tenant that draws from it last.";

/** What the comment on a new sequence begins with when the one before it could not be dropped yet. */
export const TOOK_OVER_FROM = "Took over from ";

/** SQL condition: something draws from the sequence, or names it in another way that PostgreSQL knows of. */
export function isUsed(sequence: string): string {
  return `exists (
        select from pg_depend where refclassid = 'pg_class'::regclass and refobjid = ${sequence} and deptype = 'n')`;
}

/** SQL condition: our own comment says that nobody owns the sequence for a reason of his, and we may drop it. */
export function isLeftOver(sequence: string): string {
  return `(select obj_description(left_over.oid, 'pg_class') = ${quoteLiteral(LEFT_OVER)}
          and pg_has_role(left_over.relowner, 'usage')
          and not exists (
            select from pg_depend
            where classid = 'pg_class'::regclass and objid = left_over.oid and deptype in ('a', 'i'))
        from pg_class as left_over where left_over.oid = ${sequence})`;
}

/**
 * The second look at the sequences from which this tenant's ids came. Of two tenants that stopped drawing from one at
 * the same time, each saw the other still draw, and neither dropped it.
 */
export function dropLeftOverSequences(schema: string): string {
  return doBlock(`
declare
  item record;
begin
  for item in
    select format('%I.%I', ${quoteLiteral(schema)}, own.relname) as own,
      to_regclass(substr(obj_description(own.oid, 'pg_class'), ${TOOK_OVER_FROM.length + 1})) as former
    from pg_class as own
    where own.relnamespace = (select oid from pg_namespace where nspname = ${quoteLiteral(schema)})
      and own.relname in ('batch_jobs_id_seq', 'marketplace_jobs_id_seq', 'marketplace_job_stats_id_seq')
      and own.relkind = 'S' and starts_with(obj_description(own.oid, 'pg_class'), ${quoteLiteral(TOOK_OVER_FROM)})
    order by own.relname
  loop
    execute format('comment on sequence %s is null', item.own);
    if item.former is not null and not ${isUsed("item.former")} and ${isLeftOver("item.former")} then
      execute format('drop sequence if exists %s', item.former);
    end if;
  end loop;
end`);
}
