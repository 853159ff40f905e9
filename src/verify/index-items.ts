/**
 * Printing an index costs more than all that is read about it, and nearly all tenants have the same: of those that are
 * stored alike in tables whose columns are numbered alike, one is printed for all.
 */
export const indexSources = `numbering as materialized (
      select relation.oid, md5(string_agg(attribute.attnum || ' ' || attribute.attname, ',' order by attribute.attnum)) as columns
      from relation
      join pg_catalog.pg_attribute as attribute on attribute.attrelid = relation.oid and attribute.attnum > 0
      group by relation.oid
    ), stored as materialized (
      select relation.nspname, relation.relname, relation.prefix, index.indexrelid, index_relation.relname as name,
        index.indisunique, index.indisvalid, index_relation.reloptions,
        min(index.indexrelid) over (
          partition by relation.relname, numbering.columns, index_relation.relam, index_relation.reloptions, index.indisunique,
            index.indnullsnotdistinct, index.indnkeyatts, index.indkey::text, index.indclass::text,
            index.indcollation::text, index.indoption::text, md5(index.indpred::text), md5(index.indexprs::text)) as like
      from relation
      join numbering on numbering.oid = relation.oid
      cross join lateral (
        select indexrelid, indisunique, indisvalid, indnullsnotdistinct, indnkeyatts, indkey, indclass, indcollation,
          indoption, indpred, indexprs
        from pg_catalog.pg_index
        where indrelid = relation.oid
        offset 0
      ) as index
      join pg_catalog.pg_class as index_relation on index_relation.oid = index.indexrelid
      -- An index of a constraint is told by the constraint.
      where index.indexrelid not in (select held.conindid from held where held.contype in ('p', 'u', 'x'))
    ), printed as materialized (
      select stored.indexrelid,
        substr(
          pg_get_indexdef(stored.indexrelid),
          length(format('CREATE %sINDEX %I ON %I.%I USING ', case when stored.indisunique then 'UNIQUE ' else '' end,
            stored.name, stored.nspname, stored.relname)) + 1) as definition
      from stored
      where stored.indexrelid = stored.like
    )`;

/** How an index is stored (fillfactor) is the host's to choose. */
export const indexItems = `
    select stored.nspname::text, 'index', stored.relname::text, stored.name::text,
      case when stored.indisunique then 'unique ' else '' end
      || replace(
        case when stored.reloptions is null then printed.definition
          else regexp_replace(printed.definition, ' WITH [(]([a-z_]+=(''[^'']*''|[a-z0-9_]+)(, )?)+[)]', '') end,
        stored.prefix, '')
      || case when stored.indisvalid then '' else ' (invalid)' end
    from stored
    join printed on printed.indexrelid = stored.like`;
