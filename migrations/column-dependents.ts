/**
 * SQL for everything that hangs on one column: what makes DROP COLUMN or ALTER TYPE fail (`blocks`), and what
 * PostgreSQL would remove with the column without a word (`vanishes`).
 *
 * A single-column index, or a constraint on this column alone, is part of the column and not listed.
 *
 * @param relation SQL expression for the table's oid
 * @param attribute SQL expression for the column's number
 * @returns a query with the columns `effect`, `kind`, `name`
 */
export function columnDependents(relation: string, attribute: string): string {
  return `
    -- Views, materialized views and rules.
    select 'blocks' as effect,
      case used_by.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'rule' end as kind,
      format('%I.%I', namespace.nspname, used_by.relname) as name
    from pg_depend as dependency
    join pg_rewrite as rewrite on rewrite.oid = dependency.objid
    join pg_class as used_by on used_by.oid = rewrite.ev_class
    join pg_namespace as namespace on namespace.oid = used_by.relnamespace
    where dependency.classid = 'pg_rewrite'::regclass
      and dependency.refclassid = 'pg_class'::regclass
      and dependency.refobjid = ${relation} and dependency.refobjsubid = ${attribute}
    union
    -- Functions whose body PostgreSQL has parsed (BEGIN ATOMIC).
    select 'blocks', 'function', format('%I.%I', namespace.nspname, function.proname)
    from pg_depend as dependency
    join pg_proc as function on function.oid = dependency.objid
    join pg_namespace as namespace on namespace.oid = function.pronamespace
    where dependency.classid = 'pg_proc'::regclass
      and dependency.refclassid = 'pg_class'::regclass
      and dependency.refobjid = ${relation} and dependency.refobjsubid = ${attribute}
    union
    -- Triggers of UPDATE OF the column, or whose WHEN reads it.
    select 'blocks', 'trigger', quote_ident(used_by.tgname)
    from pg_depend as dependency
    join pg_trigger as used_by on used_by.oid = dependency.objid
    where dependency.classid = 'pg_trigger'::regclass and not used_by.tgisinternal
      and dependency.refclassid = 'pg_class'::regclass
      and dependency.refobjid = ${relation} and dependency.refobjsubid = ${attribute}
    union
    select 'blocks', 'policy', quote_ident(policy.polname)
    from pg_depend as dependency
    join pg_policy as policy on policy.oid = dependency.objid
    where dependency.classid = 'pg_policy'::regclass
      and dependency.refclassid = 'pg_class'::regclass
      and dependency.refobjid = ${relation} and dependency.refobjsubid = ${attribute}
    union
    select 'blocks', 'generated column', format('%s.%I', generated.attrelid::regclass, generated.attname)
    from pg_depend as dependency
    join pg_attrdef as expression on expression.oid = dependency.objid
    join pg_attribute as generated on generated.attrelid = expression.adrelid and generated.attnum = expression.adnum
    where dependency.classid = 'pg_attrdef'::regclass
      and dependency.refclassid = 'pg_class'::regclass
      and dependency.refobjid = ${relation} and dependency.refobjsubid = ${attribute}
      and (expression.adrelid, expression.adnum) <> (${relation}, ${attribute})
    union
    -- Publications with a column list or a WHERE that names the column.
    select 'blocks', 'publication', quote_ident(publication.pubname)
    from pg_depend as dependency
    join pg_publication_rel as published on published.oid = dependency.objid
    join pg_publication as publication on publication.oid = published.prpubid
    where dependency.classid = 'pg_publication_rel'::regclass
      and dependency.refclassid = 'pg_class'::regclass
      and dependency.refobjid = ${relation} and dependency.refobjsubid = ${attribute}
    union
    select 'blocks', 'foreign key', format('%s of %s', quote_ident(referencing.conname), referencing.conrelid::regclass)
    from pg_constraint as referencing
    where referencing.contype = 'f' and referencing.confrelid = ${relation} and ${attribute} = any (referencing.confkey)
    union
    select 'vanishes', 'index', quote_ident(index_relation.relname)
    from pg_index as index
    join pg_class as index_relation on index_relation.oid = index.indexrelid
    where index.indrelid = ${relation}
      and exists (
        select from pg_depend as dependency
        where dependency.classid = 'pg_class'::regclass and dependency.objid = index.indexrelid
          and dependency.refobjid = ${relation} and dependency.refobjsubid = ${attribute})
      and exists (
        select from pg_depend as dependency
        where dependency.classid = 'pg_class'::regclass and dependency.objid = index.indexrelid
          and dependency.refobjid = ${relation} and dependency.refobjsubid not in (0, ${attribute}))
    union
    select 'vanishes', 'constraint', quote_ident(shared.conname)
    from pg_constraint as shared
    where shared.conrelid = ${relation} and ${attribute} = any (shared.conkey) and cardinality(shared.conkey) > 1
    union
    select 'vanishes', 'statistics', quote_ident(statistics.stxname)
    from pg_statistic_ext as statistics
    where statistics.stxrelid = ${relation}
      and exists (
        select from pg_depend as dependency
        where dependency.classid = 'pg_statistic_ext'::regclass and dependency.objid = statistics.oid
          and dependency.refobjid = ${relation} and dependency.refobjsubid = ${attribute})
    union
    -- A trigger function is run by every write, so one that reads the column would break every write.
    select 'blocks', 'trigger function', format('%I.%I', namespace.nspname, function.proname)
    from pg_trigger as used_by
    join pg_proc as function on function.oid = used_by.tgfoid
    join pg_namespace as namespace on namespace.oid = function.pronamespace
    where used_by.tgrelid = ${relation} and not used_by.tgisinternal
      and function.prosrc ~ ('\\m' || (
        select attname from pg_attribute where attrelid = ${relation} and attnum = ${attribute}) || '\\M')`;
}
