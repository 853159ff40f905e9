import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type * as z from "zod";
import type { BatchJobStatus } from "../entities/batch-job-status.js";
import { JOB_EXPIRY_MS } from "../entities/job-timing.js";
import type { newMarketplaceJobSchema } from "../entities/new-marketplace-job.js";
import { columnList } from "./column-list.js";
import { duration } from "./duration.js";
import { jsonRows } from "./json-rows.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { marketplaceJobColumns } from "./marketplace-job-row.js";
import type { StatementValues } from "./statement-value.js";
import type { TenantDatabase } from "./tenant-database.js";
import type { TenantStatement } from "./tenant-statement.js";
import { tenantStatement } from "./tenant-statement.js";

/** A job to create, with its place in the caller's list. */
export interface AskedJob {
  readonly position: number;
  readonly job: z.output<typeof newMarketplaceJobSchema>;
}

export type JobRefusal = "UNKNOWN_ACTION_TYPE" | "UNKNOWN_BATCH" | "BATCH_ALREADY_FINISHED";

/**
 * A job that existed or was created; or why all of them were refused. A created job does not know its place: those
 * with a key are found by it, those without come in the order given.
 */
export type CreateJobsRow = { readonly position: number | null; readonly batch_status: BatchJobStatus | null } & (
  | (MarketplaceJobRow & { readonly refusal: null })
  | ({ readonly [Column in keyof MarketplaceJobRow]: null } & { readonly refusal: JobRefusal })
);

const ASKED_COLUMNS =
  "position integer, marketplace text, action_code text, batch_id text, product_id bigint, priority integer, " +
  "input_data jsonb, idempotency_key text, max_retries integer, run_at timestamptz, expires_at timestamptz";

/**
 * Creates jobs, all or none, whatever their number. A job whose key exists is given as it is; one whose key is being
 * created at this very moment elsewhere comes in neither form, and has to be asked for again.
 *
 * Nothing here locks a job that exists: batches are locked before their new jobs are, and a job locked after its batch
 * could deadlock with whoever settles it. Keys go in sorted, so that two callers wait for each other in one direction.
 */
export function createJobsStatement(
  tenant: TenantDatabase,
  asked: readonly AskedJob[],
): TenantStatement<CreateJobsRow> {
  return tenantStatement(tenant, {
    form: "create jobs",
    values: { asked: JSON.stringify(asked.map(askedRow)) },
    write: createJobsText,
  });
}

function createJobsText(
  { names }: TenantDatabase,
  values: StatementValues<{ readonly asked: string }>,
): RawBuilder<CreateJobsRow> {
  return sql<CreateJobsRow>`
    with asked as materialized (
      select position, marketplace, action_code, batch_id, product_id, priority, input_data, idempotency_key, max_retries,
        run_at, expires_at
      from ${jsonRows(values.asked, "given", ASKED_COLUMNS)}
    ), existing as materialized (
      select a.position, ${columnList("j", marketplaceJobColumns)}
      from asked a
      join ${names.marketplaceJobs} j on j.idempotency_key = a.idempotency_key
    ), batch_locked as materialized (
      select b.id, b.batch_id, b.status
      from ${names.batchJobs} b
      where b.batch_id in (
        select a.batch_id from asked a where not exists (select from existing e where e.position = a.position)
      )
      order by b.id
      for no key update
    ), resolved as materialized (
      select a.position, a.marketplace, t.id as action_type_id, b.id as batch_job_id, b.status as batch_status, a.product_id,
        coalesce(a.priority, t.priority) as priority, coalesce(a.max_retries, t.max_retries) as max_retries,
        a.input_data, a.idempotency_key, coalesce(a.run_at, statement_timestamp()) as run_at, a.expires_at,
        case
          when t.id is null then 'UNKNOWN_ACTION_TYPE'
          when a.batch_id is not null and b.id is null then 'UNKNOWN_BATCH'
          when b.status not in ('pending', 'running') then 'BATCH_ALREADY_FINISHED'
        end as refusal
      from asked a
      left join ${names.actionTypes} t on t.marketplace = a.marketplace and t.code = a.action_code
      left join batch_locked b on b.batch_id = a.batch_id
      where not exists (select from existing e where e.position = a.position)
    ), created as (
      insert into ${names.marketplaceJobs} as j (
        marketplace, batch_job_id, action_type_id, product_id, priority, max_retries, input_data, idempotency_key,
        run_at, expires_at
      )
      select r.marketplace, r.batch_job_id, r.action_type_id, r.product_id, r.priority, r.max_retries, r.input_data,
        r.idempotency_key, r.run_at,
        coalesce(r.expires_at, greatest(r.run_at, statement_timestamp()) + ${duration(JOB_EXPIRY_MS)})
      from resolved r
      where not exists (select from resolved where refusal is not null)
      order by r.idempotency_key, r.position
      on conflict (idempotency_key) where idempotency_key is not null do nothing
      returning ${columnList("j", marketplaceJobColumns)}
    ), joined as (
      update ${names.batchJobs} b set total_count = b.total_count + new.jobs
      from (
        select batch_job_id as id, count(*)::integer as jobs from created where batch_job_id is not null group by batch_job_id
      ) new
      where b.id = new.id
    )
    select null as position, null as refusal, null as batch_status, ${columnList("c", marketplaceJobColumns)} from created c
    union all
    select e.position, null, null, ${columnList("e", marketplaceJobColumns)} from existing e
    union all
    select r.position, r.refusal, r.batch_status, ${columnList("nothing", marketplaceJobColumns)}
    from resolved r
    left join ${names.marketplaceJobs} nothing on false
    where r.refusal is not null`;
}

function askedRow({ position, job }: AskedJob): object {
  return {
    position,
    marketplace: job.marketplace,
    action_code: job.actionCode,
    batch_id: job.batchId,
    product_id: job.productId,
    priority: job.priority,
    input_data: job.inputData,
    idempotency_key: job.idempotencyKey,
    max_retries: job.maxRetries,
    run_at: job.runAt,
    expires_at: job.expiresAt,
  };
}
