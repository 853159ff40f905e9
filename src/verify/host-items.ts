/** What hangs on our tables and is never ours: triggers, policies, rules, statistics, the views that read them. */
export const hostItems: readonly string[] = [
  `
    select relation.nspname::text, 'trigger', relation.relname::text, held.tgname::text,
      replace(pg_get_triggerdef(held.oid), relation.prefix, '')
    from relation
    join pg_catalog.pg_trigger as held on held.tgrelid = relation.oid and not held.tgisinternal`,
  `
    select relation.nspname::text, 'policy', relation.relname::text, held.polname::text,
      'policy for ' || case held.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
        when 'd' then 'delete' else 'all' end
      || coalesce(' using ' || pg_get_expr(held.polqual, held.polrelid), '')
      || coalesce(' with check ' || pg_get_expr(held.polwithcheck, held.polrelid), '')
    from relation
    join pg_catalog.pg_policy as held on held.polrelid = relation.oid`,
  `
    select relation.nspname::text, 'policy', relation.relname::text, 'row level security', 'enabled'
    from relation
    where relation.relrowsecurity`,
  `
    select relation.nspname::text, 'rule', relation.relname::text, held.rulename::text,
      replace(pg_get_ruledef(held.oid), relation.prefix, '')
    from relation
    join pg_catalog.pg_rewrite as held on held.ev_class = relation.oid
    where relation.relkind not in ('v', 'm')`,
  `
    select relation.nspname::text, 'statistics', relation.relname::text, held.stxname::text,
      replace(pg_get_statisticsobjdef(held.oid), relation.prefix, '')
    from relation
    join pg_catalog.pg_statistic_ext as held on held.stxrelid = relation.oid`,
  `
    select distinct dependency.nspname::text, 'view', dependency.relname::text,
      case when reader.relnamespace = dependency.relnamespace then '' else quote_ident(reader_schema.nspname) || '.' end
        || quote_ident(reader.relname), 'reads the table'
    from dependency
    join pg_catalog.pg_rewrite as rewrite on rewrite.oid = dependency.objid
    join pg_catalog.pg_class as reader on reader.oid = rewrite.ev_class and reader.oid <> dependency.oid
    join pg_catalog.pg_namespace as reader_schema on reader_schema.oid = reader.relnamespace
    where dependency.classid = 'pg_rewrite'::regclass`,
];
