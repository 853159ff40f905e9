/** PostgreSQL prints a foreign key's target by the search path; here it depends on nothing but the key. */
const foreignKey = `'FOREIGN KEY (' || (
          select string_agg(quote_ident(attribute.attname), ', ' order by key.position)
          from unnest(held.conkey) with ordinality as key (attnum, position)
          join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = held.conrelid and attribute.attnum = key.attnum)
        || ') REFERENCES '
        || case when target.relnamespace = relation.relnamespace then ''
          else quote_ident(target_schema.nspname) || '.' end
        || quote_ident(target.relname) || '(' || (
          select string_agg(quote_ident(attribute.attname), ', ' order by key.position)
          from unnest(held.confkey) with ordinality as key (attnum, position)
          join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = held.confrelid and attribute.attnum = key.attnum)
        || ')'
        || case held.confupdtype when 'n' then ' ON UPDATE SET NULL' when 'c' then ' ON UPDATE CASCADE'
          when 'r' then ' ON UPDATE RESTRICT' when 'd' then ' ON UPDATE SET DEFAULT' else '' end
        || case held.confdeltype when 'n' then ' ON DELETE SET NULL' when 'c' then ' ON DELETE CASCADE'
          when 'r' then ' ON DELETE RESTRICT' when 'd' then ' ON DELETE SET DEFAULT' else '' end
        || case when held.condeferrable then ' DEFERRABLE' else '' end
        || case when held.condeferred then ' INITIALLY DEFERRED' else '' end
        || case when held.convalidated then '' else ' NOT VALID' end`;

/** NOT NULL is told by its column, unless it is one that PostgreSQL 18 has not validated. */
export const constraintItems = `
    select relation.nspname::text, 'constraint', relation.relname::text, held.conname::text,
      case when held.contype = 'f' then ${foreignKey}
        else replace(pg_get_constraintdef(held.oid), relation.prefix, '') end
    from relation
    join pg_catalog.pg_constraint as held
      on held.conrelid = relation.oid
      and (held.contype in ('p', 'u', 'c', 'f', 'x') or held.contype = 'n' and not held.convalidated)
    left join pg_catalog.pg_class as target on held.contype = 'f' and target.oid = held.confrelid
    left join pg_catalog.pg_namespace as target_schema on target_schema.oid = target.relnamespace`;

/** An index of a constraint is told by the constraint. How an index is stored (fillfactor) is the host's to choose. */
export const indexItems = `
    select relation.nspname::text, 'index', relation.relname::text, index_relation.relname::text,
      case when index.indisunique then 'unique ' else '' end
      || replace(
        case when index_relation.reloptions is null then printed.definition
          else regexp_replace(printed.definition, ' WITH [(]([a-z_]+=(''[^'']*''|[a-z0-9_]+)(, )?)+[)]', '') end,
        relation.prefix, '')
      || case when index.indisvalid then '' else ' (invalid)' end
    from relation
    join pg_catalog.pg_index as index on index.indrelid = relation.oid
    join pg_catalog.pg_class as index_relation on index_relation.oid = index.indexrelid
    cross join lateral (
      select substr(
        pg_get_indexdef(index.indexrelid),
        length(format('CREATE %sINDEX %I ON %I.%I USING ', case when index.indisunique then 'UNIQUE ' else '' end,
          index_relation.relname, relation.nspname, relation.relname)) + 1) as definition
    ) as printed
    where not exists (
      select from pg_catalog.pg_constraint as owner
      where owner.conindid = index.indexrelid and owner.conrelid = relation.oid and owner.contype in ('p', 'u', 'x'))`;
