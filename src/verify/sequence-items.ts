import { LEFT_OVER } from "../../migrations/left-over-sequences.js";
import { quoteLiteral } from "../../migrations/quoting.js";

/**
 * Told by its highest number and not by its type: a clone by CREATE TABLE LIKE has a sequence of bigint that ends
 * where that of an integer does.
 */
export const sequenceItems = `
    select relation.nspname::text, 'sequence', relation.relname::text, sequence_relation.relname::text,
      'owned by ' || quote_ident(attribute.attname) || ' up to ' || sequence.seqmax
      || case when sequence.seqincrement <> 1 then ' by ' || sequence.seqincrement else '' end
      || case when sequence.seqmin <> 1 then ' from ' || sequence.seqmin else '' end
      || case when sequence.seqcycle then ' cycle' else '' end
    from relation
    join pg_catalog.pg_depend as dependency
      on dependency.refclassid = 'pg_class'::regclass and dependency.refobjid = relation.oid
      and dependency.classid = 'pg_class'::regclass and dependency.deptype in ('a', 'i') and dependency.refobjsubid > 0
    join pg_catalog.pg_class as sequence_relation
      on sequence_relation.oid = dependency.objid and sequence_relation.relkind = 'S'
    join pg_catalog.pg_sequence as sequence on sequence.seqrelid = sequence_relation.oid
    join pg_catalog.pg_attribute as attribute
      on attribute.attrelid = relation.oid and attribute.attnum = dependency.refobjsubid`;

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

/** What the legacy system's tables left behind when they were adopted: a sequence that nobody owns, an enum type. */
export const leftOverItems = `
    select tenant.nspname::text, 'sequence', '', left_over.relname::text, 'owned by none'
    from tenant
    join pg_catalog.pg_class as left_over on left_over.relnamespace = tenant.oid and left_over.relkind = 'S'
    where (
        left_over.relname = any(array[${FORMER_SEQUENCES.map((name) => quoteLiteral(name)).join(", ")}]::name[])
        or obj_description(left_over.oid, 'pg_class') = ${quoteLiteral(LEFT_OVER)})
      and not exists (
        select from pg_catalog.pg_depend as dependency
        where dependency.classid = 'pg_class'::regclass and dependency.objid = left_over.oid
          and dependency.deptype in ('a', 'i'))
    union all
    select tenant.nspname::text, 'type', '', type.typname::text, 'enum'
    from tenant
    join pg_catalog.pg_type as type
      on type.typnamespace = tenant.oid and type.typname = 'batch_job_status' and type.typtype = 'e'`;
