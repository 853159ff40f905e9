/**
 * What hangs on our tables and is never ours: triggers, policies, rules, statistics, the views that read them.
 *
 * Looked up table by table, and views step by step from the few dependencies that are rules. Free to choose, the planner
 * may go through all relations of the database and look for each in all dependencies, which is minutes where there are ten
 * thousand tenants: it takes another look at a step that is kept for next to nothing, and does not know that there are no views.
 */
export const hostItems: readonly string[] = [
  `
    select relation.nspname::text, 'trigger', relation.relname::text, held.tgname::text,
      replace(pg_get_triggerdef(held.oid), relation.prefix, '')
    from relation
    cross join lateral (
      select oid, tgname from pg_catalog.pg_trigger where tgrelid = relation.oid and not tgisinternal offset 0
    ) as held`,
  `
    select relation.nspname::text, 'policy', relation.relname::text, held.polname::text,
      'policy for ' || case held.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
        when 'd' then 'delete' else 'all' end
      || coalesce(' using ' || pg_get_expr(held.polqual, held.polrelid), '')
      || coalesce(' with check ' || pg_get_expr(held.polwithcheck, held.polrelid), '')
    from relation
    cross join lateral (
      select polname, polcmd, polqual, polwithcheck, polrelid
      from pg_catalog.pg_policy
      where polrelid = relation.oid
      offset 0
    ) as held`,
  `
    select relation.nspname::text, 'policy', relation.relname::text, 'row level security', 'enabled'
    from relation
    where relation.relrowsecurity`,
  `
    select relation.nspname::text, 'rule', relation.relname::text, held.rulename::text,
      replace(pg_get_ruledef(held.oid), relation.prefix, '')
    from relation
    cross join lateral (
      select oid, rulename from pg_catalog.pg_rewrite where ev_class = relation.oid offset 0
    ) as held
    where relation.relkind not in ('v', 'm')`,
  `
    select relation.nspname::text, 'statistics', relation.relname::text, held.stxname::text,
      replace(pg_get_statisticsobjdef(held.oid), relation.prefix, '')
    from relation
    cross join lateral (
      select oid, stxname from pg_catalog.pg_statistic_ext where stxrelid = relation.oid offset 0
    ) as held`,
  `
    select distinct dependency.nspname::text, 'view', dependency.relname::text,
      case when reader.relnamespace = dependency.relnamespace then '' else quote_ident(reader_schema.nspname) || '.' end
        || quote_ident(reader.relname), 'reads the table'
    from (
      select oid, nspname, relname, relnamespace, objid from dependency where classid = 'pg_rewrite'::regclass offset 0
    ) as dependency
    cross join lateral (
      select ev_class from pg_catalog.pg_rewrite where oid = dependency.objid offset 0
    ) as rewrite
    cross join lateral (
      select oid, relname, relnamespace from pg_catalog.pg_class where oid = rewrite.ev_class offset 0
    ) as reader
    join pg_catalog.pg_namespace as reader_schema on reader_schema.oid = reader.relnamespace
    where reader.oid <> dependency.oid`,
];
