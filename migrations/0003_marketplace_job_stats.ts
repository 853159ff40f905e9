import { adoptTable, createIndexes, createTable } from "./adopt-table.js";
import { dropWhenEmpty } from "./drop-when-empty.js";
import { foldMeanDurations, MEAN_DURATION } from "./fold-mean-durations.js";
import { isLeftOver, isUsed, LEFT_OVER } from "./left-over-sequences.js";
import { OPENING } from "./opening.js";
import { plainSqlMigration } from "./plain-sql-migration.js";
import { doBlock, quoteIdentifier, quoteLiteral } from "./quoting.js";
import type { WantedTable } from "./wanted-table.js";

export const marketplaceJobStats: WantedTable = {
  name: "marketplace_job_stats",
  columns: [
    // Every settled job draws a value, also where its row exists: an integer would run out in a busy tenant.
    { name: "id", type: "bigint" },
    { name: "action_type_id", type: "integer" },
    // The legacy code leaves the marketplace out for vinted; 0005 drops this default.
    { name: "marketplace", type: "character varying(50)", default: "'vinted'::character varying" },
    { name: "date", type: "date" },
    { name: "shard", type: "smallint", default: "0" },
    { name: "total_jobs", type: "integer", default: "0" },
    { name: "success_count", type: "integer", default: "0" },
    { name: "failure_count", type: "integer", default: "0" },
    // Deprecated: a mean cannot be added up. The legacy code writes it until 0005 drops it.
    { name: "avg_duration_ms", type: "integer", nullable: true },
    { name: "duration_ms_sum", type: "bigint", default: "0" },
    { name: "duration_count", type: "integer", default: "0" },
    { name: "created_at", type: "timestamp with time zone", default: "now()" },
  ],
  constraints: [
    { name: "marketplace_job_stats_pkey", source: "primary key (id)", printed: "PRIMARY KEY (id)" },
    {
      name: "marketplace_job_stats_key",
      source: "unique (action_type_id, marketplace, date, shard)",
      printed: "UNIQUE (action_type_id, marketplace, date, shard)",
    },
  ],
  indexes: [{ name: "marketplace_job_stats_date_idx", source: "(date)", printed: "btree (date)" }],
  replacedConstraints: [
    "UNIQUE (action_type_id, date)",
    "UNIQUE (action_type_id, marketplace, date)",
    "CHECK (((marketplace)::text = ANY ((ARRAY['vinted'::character varying, 'ebay'::character varying, 'etsy'::character varying])::text[])))",
  ],
  replacedIndexes: ["btree (marketplace, created_at)"],
};

/**
 * The daily counts of what was done and how long it took. The legacy table is taken over under its new name; where a
 * tenant has both, their counts are added up.
 */
export const migration0003MarketplaceJobStats = plainSqlMigration({
  up: (schema) =>
    [
      OPENING,
      renameTable(schema),
      createTable(schema, marketplaceJobStats),
      adoptTable(schema, marketplaceJobStats),
      foldMeanDurations(schema),
      addUpFormerTable(schema),
      createIndexes(schema, marketplaceJobStats),
    ].join("\n\n"),
  down: (schema) => dropWhenEmpty(schema, "marketplace_job_stats"),
});

function renameTable(schema: string): string {
  const quoted = quoteIdentifier(schema);
  return doBlock(`
begin
  if to_regclass(${quoteLiteral(`${quoted}.vinted_job_stats`)}) is not null
    and to_regclass(${quoteLiteral(`${quoted}.marketplace_job_stats`)}) is null
  then
    alter table ${quoted}.vinted_job_stats rename to marketplace_job_stats;
  end if;
end`);
}

function addUpFormerTable(schema: string): string {
  const quoted = quoteIdentifier(schema);
  return doBlock(`
declare
  former constant regclass := to_regclass(${quoteLiteral(`${quoted}.vinted_job_stats`)});
  would_vanish text;
  sequences oid[];
  item record;
begin
  if former is null then
    return;
  end if;
  lock table ${quoted}.vinted_job_stats in access exclusive mode;
  select string_agg(own.name, ', ' order by own.name) into would_vanish
  from (
    select 'column ' || quote_ident(attname) as name
    from pg_attribute
    where attrelid = former and attnum > 0 and not attisdropped
      and attname not in ('id', 'action_type_id', 'date', 'total_jobs', 'success_count', 'failure_count',
        'avg_duration_ms', 'created_at')
    union all
    select 'trigger ' || quote_ident(tgname) from pg_trigger where tgrelid = former and not tgisinternal
  ) as own;
  if would_vanish is not null then
    raise exception using errcode = 'MJ008',
      message = format('vinted_job_stats would be added to marketplace_job_stats and dropped, but it has something of its own: %s.',
        would_vanish),
      hint = 'Move or drop it first.',
      detail = json_build_object('code', 'COLUMN_IN_USE', 'table', 'vinted_job_stats', 'dependents', would_vanish);
  end if;
  insert into ${quoted}.marketplace_job_stats as stats
    (action_type_id, marketplace, date, shard, total_jobs, success_count, failure_count,
     avg_duration_ms, duration_ms_sum, duration_count, created_at)
  select action_type_id, 'vinted', date, 0, total_jobs, success_count, failure_count,
    ${MEAN_DURATION}, duration_ms_sum, duration_count, created_at
  from (
    select action_type_id, date, sum(total_jobs)::integer as total_jobs,
      sum(success_count)::integer as success_count, sum(failure_count)::integer as failure_count,
      coalesce(sum(avg_duration_ms::bigint * success_count), 0)::bigint as duration_ms_sum,
      coalesce(sum(success_count) filter (where avg_duration_ms is not null), 0)::integer as duration_count,
      min(created_at) as created_at
    from ${quoted}.vinted_job_stats
    group by action_type_id, date
  ) as added
  order by action_type_id, date
  on conflict (action_type_id, marketplace, date, shard) do update set
    total_jobs = stats.total_jobs + excluded.total_jobs,
    success_count = stats.success_count + excluded.success_count,
    failure_count = stats.failure_count + excluded.failure_count,
    duration_ms_sum = stats.duration_ms_sum + excluded.duration_ms_sum,
    duration_count = stats.duration_count + excluded.duration_count,
    created_at = least(stats.created_at, excluded.created_at);
  update ${quoted}.marketplace_job_stats
  set avg_duration_ms = ${MEAN_DURATION}
  where duration_count > 0 and avg_duration_ms is distinct from ${MEAN_DURATION};

  -- Tables of other schemas may draw from its sequence, which must then outlive it; or it is the last that draws.
  sequences := array(
    select objid from pg_depend
    where classid = 'pg_class'::regclass and deptype = 'a'
      and refclassid = 'pg_class'::regclass and refobjid = former and refobjsubid > 0
    union
    select drawn.refobjid
    from pg_attrdef as fallback
    join pg_depend as drawn
      on drawn.classid = 'pg_attrdef'::regclass and drawn.objid = fallback.oid
      and drawn.refclassid = 'pg_class'::regclass
    where fallback.adrelid = former and drawn.refobjid <> former);
  alter table ${quoted}.vinted_job_stats alter column id drop default;
  for item in
    select sequence.oid, format('%I.%I', namespace.nspname, sequence.relname) as name,
      ${isUsed("sequence.oid")} as is_used,
      exists (
        select from pg_depend
        where classid = 'pg_class'::regclass and objid = sequence.oid and deptype = 'a'
          and refclassid = 'pg_class'::regclass and refobjid = former) as is_own
    from pg_class as sequence
    join pg_namespace as namespace on namespace.oid = sequence.relnamespace
    where sequence.oid = any (sequences) and sequence.relkind = 'S'
    order by sequence.oid
  loop
    if item.is_used and item.is_own then
      execute format('alter sequence %s owned by none', item.name);
      execute format('comment on sequence %s is %L', item.name, ${quoteLiteral(LEFT_OVER)});
    elsif not item.is_used and ${isLeftOver("item.oid")} then
      execute format('drop sequence if exists %s', item.name);
    end if;
  end loop;
  drop table ${quoted}.vinted_job_stats;
end`);
}
