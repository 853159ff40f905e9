/** PostgreSQL prints a foreign key's target by the search path; here it depends on nothing but the key. */
const foreignKey = `'FOREIGN KEY (' || (
          select string_agg(quote_ident(attribute.attname), ', ' order by key.position)
          from unnest(held.conkey) with ordinality as key (attnum, position)
          join pg_catalog.pg_attribute as attribute
            on attribute.attrelid = held.conrelid and attribute.attnum = key.attnum)
        || ') REFERENCES '
        || case when target.relnamespace = held.relnamespace then ''
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
export const constraintSources = `held as materialized (
      select held.oid, held.conname, held.contype, held.conindid, held.conrelid, held.confrelid, held.conkey, held.confkey,
        held.confupdtype, held.confdeltype, held.condeferrable, held.condeferred, held.convalidated,
        relation.nspname, relation.relname, relation.relnamespace, relation.prefix
      from relation
      cross join lateral (
        select oid, conname, contype, conindid, conrelid, confrelid, conkey, confkey, confupdtype, confdeltype,
          condeferrable, condeferred, convalidated
        from pg_catalog.pg_constraint
        where conrelid = relation.oid and (contype in ('p', 'u', 'c', 'f', 'x') or contype = 'n' and not convalidated)
        offset 0
      ) as held
    )`;

export const constraintItems = `
    select held.nspname::text, 'constraint', held.relname::text, held.conname::text,
      case when held.contype = 'f' then ${foreignKey}
        else replace(pg_get_constraintdef(held.oid), held.prefix, '') end
    from held
    left join pg_catalog.pg_class as target on held.contype = 'f' and target.oid = held.confrelid
    left join pg_catalog.pg_namespace as target_schema on target_schema.oid = target.relnamespace`;
