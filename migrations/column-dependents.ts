import { quoteLiteral } from "./quoting.js";

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
    select 'blocks', 'trigger', format('%I on %s', used_by.tgname, used_by.tgrelid::regclass)
    from pg_depend as dependency
    join pg_trigger as used_by on used_by.oid = dependency.objid
    where dependency.classid = 'pg_trigger'::regclass and not used_by.tgisinternal
      and dependency.refclassid = 'pg_class'::regclass
      and dependency.refobjid = ${relation} and dependency.refobjsubid = ${attribute}
    union
    select 'blocks', 'policy', format('%I on %s', policy.polname, policy.polrelid::regclass)
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
    -- By pg_depend, like all others: the constraints of ten thousand tenants have no index on the table referred to.
    select 'blocks', 'foreign key', format('%I of %s', referencing.conname, referencing.conrelid::regclass)
    from pg_depend as dependency
    join pg_constraint as referencing on referencing.oid = dependency.objid
    where dependency.classid = 'pg_constraint'::regclass
      and dependency.refclassid = 'pg_class'::regclass
      and dependency.refobjid = ${relation} and dependency.refobjsubid = ${attribute}
      and referencing.contype = 'f' and referencing.confrelid = ${relation} and ${attribute} = any (referencing.confkey)
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
    -- By pg_depend: conkey leaves out what a unique constraint merely includes.
    select 'vanishes', 'constraint', quote_ident(shared.conname)
    from pg_depend as dependency
    join pg_constraint as shared on shared.oid = dependency.objid and shared.conrelid = ${relation}
    where dependency.classid = 'pg_constraint'::regclass
      and dependency.refclassid = 'pg_class'::regclass
      and dependency.refobjid = ${relation} and dependency.refobjsubid = ${attribute}
      and exists (
        select from pg_depend as other
        where other.classid = 'pg_constraint'::regclass and other.objid = shared.oid
          and other.refclassid = 'pg_class'::regclass
          and other.refobjid = ${relation} and other.refobjsubid not in (0, ${attribute}))
      and not (shared.contype = 'f' and shared.confrelid = ${relation} and ${attribute} = any (shared.confkey))
    union
    select 'vanishes', 'statistics', quote_ident(statistics.stxname)
    from pg_statistic_ext as statistics
    where statistics.stxrelid = ${relation}
      and exists (
        select from pg_depend as dependency
        where dependency.classid = 'pg_statistic_ext'::regclass and dependency.objid = statistics.oid
          and dependency.refobjid = ${relation} and dependency.refobjsubid = ${attribute})`;
}

/**
 * SQL for the trigger functions of a table whose bodies name one of its columns: every write runs them, so one that
 * reads a dropped column would break every write. `batch_jobs.batch_id`, written like that, is another table's column.
 *
 * @param relation SQL expression for the table's oid
 * @param column the column's name
 * @returns a query with the columns `effect`, `kind`, `name`
 */
export function triggerFunctionsNaming(relation: string, column: string): string {
  const elsewhere = quoteLiteral(String.raw`\mbatch_jobs"?\s*\.\s*"?batch_id\M`);
  return `
    select distinct 'blocks' as effect, 'trigger function' as kind,
      format('%I.%I', namespace.nspname, function.proname) as name
    from pg_trigger as used_by
    join pg_proc as function on function.oid = used_by.tgfoid
    join pg_namespace as namespace on namespace.oid = function.pronamespace
    where used_by.tgrelid = ${relation} and not used_by.tgisinternal
      and regexp_replace(function.prosrc, ${elsewhere}, '', 'gi') ~* ${namesWord(column)}`;
}

/**
 * SQL condition: something other than an index on this column alone hangs on the column, or a trigger on its table.
 * Nearly always nothing does, which one look-up tells.
 */
export function mayHaveDependents(relation: string, attribute: string): string {
  return `exists (
    select from pg_depend as dependency
    where dependency.refclassid = 'pg_class'::regclass
      and dependency.refobjid = ${relation} and dependency.refobjsubid = ${attribute}
      and not (dependency.classid = 'pg_class'::regclass and exists (
        select from pg_index as index
        where index.indexrelid = dependency.objid and index.indrelid = ${relation}
          and index.indnatts = 1 and index.indexprs is null and index.indpred is null))
  ) or exists (select from pg_trigger where tgrelid = ${relation} and not tgisinternal)`;
}

/**
 * SQL from FROM on: the functions of a schema, as `function`, whose bodies name both a table and one of its columns. A
 * body is text until it runs: nobody knows whether it means this column.
 *
 * @param namespace SQL expression for the schema's oid
 */
export function fromFunctionsNaming(namespace: string, table: string, column: string): string {
  return `from pg_depend as belongs
    join pg_proc as function on function.oid = belongs.objid
    join pg_language as language on language.oid = function.prolang and language.lanname in ('plpgsql', 'sql')
    where belongs.classid = 'pg_proc'::regclass and belongs.refclassid = 'pg_namespace'::regclass
      and belongs.refobjid = ${namespace}
      and function.prosrc ~* ${namesWord(table)} and function.prosrc ~* ${namesWord(column)}`;
}

/** An SQL constant: the regular expression for that name as a whole, within SQL text that may quote it. */
export function namesWord(word: string): string {
  const escaped = word.replaceAll(/[^\p{L}\p{N}_]/gu, String.raw`\$&`).replaceAll('\\"', '""?');
  const start = /^[\p{L}\p{N}_]/u.test(word) ? String.raw`\m` : "";
  const end = /[\p{L}\p{N}_]$/u.test(word) ? String.raw`\M` : "";
  return quoteLiteral(`${start}${escaped}${end}`);
}
