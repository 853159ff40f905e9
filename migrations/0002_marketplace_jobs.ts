import { adoptTable, createIndexes, createTable } from "./adopt-table.js";
import { dropWhenEmpty } from "./drop-when-empty.js";
import { OPENING } from "./opening.js";
import { plainSqlMigration } from "./plain-sql-migration.js";
import { doBlock, quoteIdentifier, quoteLiteral } from "./quoting.js";
import type { WantedTable } from "./wanted-table.js";

const openStatuses =
  "((status)::text = ANY ((ARRAY['pending'::character varying, 'running'::character varying, 'paused'::character varying])::text[]))";
const finishedStatuses =
  "((status)::text = ANY ((ARRAY['completed'::character varying, 'failed'::character varying, 'cancelled'::character varying, 'expired'::character varying])::text[]))";

export const marketplaceJobs: WantedTable = {
  name: "marketplace_jobs",
  columns: [
    { name: "id", type: "integer" },
    // Deprecated: the legacy code writes it until 0005 drops it. As wide as batch_jobs.batch_id, which replaces it.
    { name: "batch_id", type: "character varying(100)", nullable: true, deprecated: true },
    // The legacy code leaves the marketplace out for vinted; 0005 drops this default.
    { name: "marketplace", type: "character varying(50)", default: "'vinted'::character varying" },
    { name: "batch_job_id", type: "integer", nullable: true },
    { name: "action_type_id", type: "integer" },
    { name: "product_id", type: "bigint", nullable: true },
    { name: "idempotency_key", type: "character varying(64)", nullable: true },
    { name: "status", type: "character varying(20)", default: "'pending'::character varying" },
    { name: "priority", type: "integer", default: "3" },
    { name: "input_data", type: "jsonb", nullable: true },
    { name: "result_data", type: "jsonb", nullable: true },
    { name: "error_message", type: "text", nullable: true },
    { name: "retry_count", type: "integer", default: "0" },
    { name: "max_retries", type: "integer", default: "3" },
    { name: "attempt", type: "integer", default: "0" },
    { name: "cancel_requested", type: "boolean", default: "false" },
    { name: "cancel_requested_at", type: "timestamp with time zone", nullable: true },
    { name: "started_at", type: "timestamp with time zone", nullable: true },
    { name: "completed_at", type: "timestamp with time zone", nullable: true },
    { name: "expires_at", type: "timestamp with time zone", nullable: true },
    { name: "lease_expires_at", type: "timestamp with time zone", nullable: true },
    { name: "run_at", type: "timestamp with time zone", default: "now()" },
    { name: "created_at", type: "timestamp with time zone", default: "now()" },
    { name: "updated_at", type: "timestamp with time zone", default: "now()" },
  ],
  constraints: [
    { name: "marketplace_jobs_pkey", source: "primary key (id)", printed: "PRIMARY KEY (id)" },
    {
      name: "marketplace_jobs_status_check",
      source: "check (status in ('pending', 'running', 'paused', 'completed', 'failed', 'cancelled', 'expired'))",
      printed:
        "CHECK (((status)::text = ANY ((ARRAY['pending'::character varying, 'running'::character varying, 'paused'::character varying, 'completed'::character varying, 'failed'::character varying, 'cancelled'::character varying, 'expired'::character varying])::text[])))",
    },
  ],
  indexes: [
    // Dropped with its column by 0005.
    { name: "marketplace_jobs_batch_id_idx", source: "(batch_id)", printed: "btree (batch_id)" },
    {
      name: "marketplace_jobs_idempotency_key_idx",
      unique: true,
      source: "(idempotency_key) where idempotency_key is not null",
      printed: "btree (idempotency_key) WHERE (idempotency_key IS NOT NULL)",
    },
    {
      name: "marketplace_jobs_claim_idx",
      source: "(marketplace, priority, run_at, id) where status = 'pending'",
      printed: "btree (marketplace, priority, run_at, id) WHERE ((status)::text = 'pending'::text)",
    },
    {
      name: "marketplace_jobs_batch_job_id_idx",
      source: "(batch_job_id, created_at, id) where batch_job_id is not null",
      printed: "btree (batch_job_id, created_at, id) WHERE (batch_job_id IS NOT NULL)",
    },
    {
      name: "marketplace_jobs_list_idx",
      source: "(priority, created_at desc, id desc)",
      printed: "btree (priority, created_at DESC, id DESC)",
    },
    {
      name: "marketplace_jobs_open_idx",
      // That a pending job is open, and a failed one finished, PostgreSQL must not be able to tell: with statistics of a
      // time at which there was none it would take these indexes for claims and for jobs that are known by their ids.
      source: "(status, expires_at) where (status in ('pending', 'running', 'paused')) is true",
      printed: `btree (status, expires_at) WHERE (${openStatuses} IS TRUE)`,
    },
    {
      name: "marketplace_jobs_finished_idx",
      source:
        "(coalesce(completed_at, expires_at, created_at)) where (status in ('completed', 'failed', 'cancelled', 'expired')) is true",
      printed: `btree (COALESCE(completed_at, expires_at, created_at)) WHERE (${finishedStatuses} IS TRUE)`,
    },
  ],
  replacedConstraints: [],
  replacedIndexes: [
    "btree (status)",
    "btree (batch_job_id)",
    "btree (marketplace)",
    "btree (priority)",
    "btree (created_at)",
    "btree (cancel_requested) WHERE (cancel_requested = true)",
  ],
};

/**
 * The jobs. A tenant that has the table keeps its rows; a `batch_job_id` that leads to no batch becomes null, which
 * the sync report counts.
 */
export const migration0002MarketplaceJobs = plainSqlMigration({
  up: (schema) =>
    [
      OPENING,
      createTable(schema, marketplaceJobs),
      adoptTable(schema, marketplaceJobs),
      keepTheAgeOfWaitingJobs(schema),
      linkToBatches(schema),
      createIndexes(schema, marketplaceJobs),
    ].join("\n\n"),
  down: (schema) => dropWhenEmpty(schema, "marketplace_jobs"),
});

/**
 * Jobs are claimed by run_at: those that wait already wait since they were created, not since this migration. A
 * column that was just added has this transaction's time in every row, one that was there before has it in none.
 */
function keepTheAgeOfWaitingJobs(schema: string): string {
  return `update ${quoteIdentifier(schema)}.marketplace_jobs
set run_at = created_at
where run_at = now() and status in ('pending', 'paused');`;
}

function linkToBatches(schema: string): string {
  const jobs = `${quoteIdentifier(schema)}.marketplace_jobs`;
  const batches = `${quoteIdentifier(schema)}.batch_jobs`;
  return doBlock(`
declare
  jobs_name constant text := ${quoteLiteral(jobs)};
  jobs constant regclass := ${quoteLiteral(jobs)};
  batches constant regclass := ${quoteLiteral(batches)};
  item record;
  dangling bigint;
  present name;
begin
  -- Any key from batch_job_id to the batches is this key under another name; one with other actions is replaced.
  for item in
    select key.conname, key.confdeltype = 'n' and key.confupdtype = 'a' and key.convalidated
        and not key.condeferrable and key.confkey = array[identity.attnum] as as_wanted
    from pg_constraint as key
    join pg_attribute as link on link.attrelid = key.conrelid and link.attname = 'batch_job_id'
    join pg_attribute as identity on identity.attrelid = key.confrelid and identity.attname = 'id'
    where key.conrelid = jobs and key.contype = 'f' and key.confrelid = batches and key.conkey = array[link.attnum]
    order by key.conname <> 'marketplace_jobs_batch_job_id_fkey', key.oid
  loop
    if present is null and item.as_wanted then
      present := item.conname;
    else
      execute format('alter table %s drop constraint %I', jobs_name, item.conname);
    end if;
  end loop;

  if present is null then
    select count(*) into dangling
    from ${jobs} as job
    where job.batch_job_id is not null
      and not exists (select from ${batches} as batch where batch.id = job.batch_job_id);
    if dangling > 0 then
      -- Only sync reads warnings: it sets this to a list of what its report has noted already.
      if current_setting('marketplace_jobs.acknowledged', true) ~ '^report'
        and not 'dangling_batch_links:' || dangling
          = any (string_to_array(current_setting('marketplace_jobs.acknowledged', true), ','))
      then
        raise exception using errcode = 'MJ003',
          message = 'Jobs lead to batches that do not exist.',
          detail = json_build_object(
            'acknowledge', 'dangling_batch_links:' || dangling,
            'warning', format('%s jobs led to batches that do not exist: their batch_job_id is now null', dangling));
      end if;
      update ${jobs} as job
      set batch_job_id = null
      where job.batch_job_id is not null
        and not exists (select from ${batches} as batch where batch.id = job.batch_job_id);
    end if;
    alter table ${jobs}
      add constraint marketplace_jobs_batch_job_id_fkey
      foreign key (batch_job_id) references ${batches} (id) on delete set null;
  elsif present <> 'marketplace_jobs_batch_job_id_fkey' then
    execute format('alter table %s rename constraint %I to marketplace_jobs_batch_job_id_fkey', jobs_name, present);
  end if;
end`);
}
