import { adoptTable, createIndexes, createTable, type WantedTable } from "./adopt-table.js";
import { dropWhenEmpty } from "./drop-when-empty.js";
import { foldMeanDurations } from "./fold-mean-durations.js";
import { plainSqlMigration } from "./plain-sql-migration.js";
import { doBlock, quoteIdentifier, quoteLiteral } from "./quoting.js";

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
  unknown_columns text;
  item record;
begin
  if former is null then
    return;
  end if;
  lock table ${quoted}.vinted_job_stats in access exclusive mode;
  select string_agg(quote_ident(attname), ', ' order by attnum) into unknown_columns
  from pg_attribute
  where attrelid = former and attnum > 0 and not attisdropped
    and attname not in ('id', 'action_type_id', 'date', 'total_jobs', 'success_count', 'failure_count',
      'avg_duration_ms', 'created_at');
  if unknown_columns is not null then
    raise exception using errcode = 'MJ008',
      message = format('vinted_job_stats would be added to marketplace_job_stats and dropped, but it has columns of its own: %s.', unknown_columns),
      hint = 'Move these columns to another table first.',
      detail = json_build_object('code', 'COLUMN_IN_USE', 'table', 'vinted_job_stats', 'columns', unknown_columns);
  end if;
  insert into ${quoted}.marketplace_job_stats as stats
    (action_type_id, marketplace, date, shard, total_jobs, success_count, failure_count,
     avg_duration_ms, duration_ms_sum, duration_count, created_at)
  select action_type_id, 'vinted', date, 0, total_jobs, success_count, failure_count,
    avg_duration_ms, coalesce(avg_duration_ms, 0)::bigint * success_count,
    case when avg_duration_ms is null then 0 else success_count end, created_at
  from ${quoted}.vinted_job_stats
  order by action_type_id, date
  on conflict (action_type_id, marketplace, date, shard) do update set
    total_jobs = stats.total_jobs + excluded.total_jobs,
    success_count = stats.success_count + excluded.success_count,
    failure_count = stats.failure_count + excluded.failure_count,
    duration_ms_sum = stats.duration_ms_sum + excluded.duration_ms_sum,
    duration_count = stats.duration_count + excluded.duration_count,
    avg_duration_ms = round((stats.duration_ms_sum + excluded.duration_ms_sum)::numeric
      / nullif(stats.duration_count + excluded.duration_count, 0)),
    created_at = least(stats.created_at, excluded.created_at);
  -- Tables of other schemas may draw from its sequence, which must then outlive it.
  for item in
    select owned.objid::regclass as sequence
    from pg_depend as owned
    where owned.classid = 'pg_class'::regclass and owned.deptype = 'a'
      and owned.refclassid = 'pg_class'::regclass and owned.refobjid = former and owned.refobjsubid > 0
      and exists (
        select from pg_depend as used
        join pg_attrdef as fallback on fallback.oid = used.objid and fallback.adrelid <> former
        where used.classid = 'pg_attrdef'::regclass
          and used.refclassid = 'pg_class'::regclass and used.refobjid = owned.objid)
  loop
    execute format('alter sequence %s owned by none', item.sequence);
  end loop;
  drop table ${quoted}.vinted_job_stats;
end`);
}
