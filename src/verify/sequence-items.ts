import { LEFT_OVER } from "../../migrations/left-over-sequences.js";
import { quoteLiteral } from "../../migrations/quoting.js";

/** What hangs on our tables by name of column: sequences, indexes, the rules of views. */
export const dependencySource = `dependency as materialized (
      select relation.oid, relation.nspname, relation.relname, relation.relnamespace,
        held.classid, held.objid, held.refobjsubid, held.deptype
      from relation
      cross join lateral (
        select classid, objid, refobjsubid, deptype
        from pg_catalog.pg_depend
        where refclassid = 'pg_class'::regclass and refobjid = relation.oid
          and classid in ('pg_class'::regclass, 'pg_rewrite'::regclass)
        offset 0
      ) as held
    )`;

/**
 * Told by its highest number and not by its type: a clone by CREATE TABLE LIKE has a sequence of bigint that ends
 * where that of an integer does.
 */
export const sequenceItems = `
    select dependency.nspname::text, 'sequence', dependency.relname::text, sequence_relation.relname::text,
      'owned by ' || quote_ident(attribute.attname) || ' up to ' || sequence.seqmax
      || case when sequence.seqincrement <> 1 then ' by ' || sequence.seqincrement else '' end
      || case when sequence.seqmin <> 1 then ' from ' || sequence.seqmin else '' end
      || case when sequence.seqcycle then ' cycle' else '' end
    from (
      select nspname, relname, oid, objid, refobjsubid
      from dependency
      where classid = 'pg_class'::regclass and deptype in ('a', 'i') and refobjsubid > 0
        and objid in (select seqrelid from pg_catalog.pg_sequence)
      offset 0
    ) as dependency
    join pg_catalog.pg_class as sequence_relation on sequence_relation.oid = dependency.objid
    join pg_catalog.pg_sequence as sequence on sequence.seqrelid = dependency.objid
    join pg_catalog.pg_attribute as attribute
      on attribute.attrelid = dependency.oid and attribute.attnum = dependency.refobjsubid`;

/** The names that the legacy system's sequences have, and those they get when they have to make room. */
const FORMER_SEQUENCES = [
  "batch_jobs_id_seq",
  "marketplace_jobs_id_seq",
  "marketplace_job_stats_id_seq",
  "vinted_jobs_id_seq",
  "vinted_job_stats_id_seq",
  "batch_jobs_id_seq_left_over",
  "marketplace_jobs_id_seq_left_over",
  "marketplace_job_stats_id_seq_left_over",
];

const names = `array[${FORMER_SEQUENCES.map((name) => quoteLiteral(name)).join(", ")}]::name[]`;

/**
 * What the legacy system's tables left behind when they were adopted: a sequence that nobody owns, known by its name or
 * by the comment that a migration gave it; an enum type.
 */
export const leftOverItems = `
    select sequence.nspname::text, 'sequence', '', sequence.relname::text, 'owned by none'
    from (
      select tenant.nspname, named.oid, named.relname
      from tenant
      cross join lateral (
        select oid, relname
        from pg_catalog.pg_class
        where relname = any(${names}) and relnamespace = tenant.oid and relkind = 'S'
        offset 0
      ) as named
      union
      select tenant.nspname, commented.oid, commented.relname
      from pg_catalog.pg_description as comment
      join pg_catalog.pg_class as commented on commented.oid = comment.objoid and commented.relkind = 'S'
      join tenant on tenant.oid = commented.relnamespace
      where comment.classoid = 'pg_class'::regclass and comment.objsubid = 0
        and comment.description = ${quoteLiteral(LEFT_OVER)}
    ) as sequence
    where not exists (
      select from pg_catalog.pg_depend as dependency
      where dependency.classid = 'pg_class'::regclass and dependency.objid = sequence.oid
        and dependency.deptype in ('a', 'i'))
    union all
    select tenant.nspname::text, 'type', '', type.typname::text, 'enum'
    from tenant
    join pg_catalog.pg_type as type
      on type.typnamespace = tenant.oid and type.typname = 'batch_job_status' and type.typtype = 'e'`;
