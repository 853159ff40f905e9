import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { JobStatus } from "../entities/job-status.js";
import type { BatchColumns } from "./batch-job-row.js";
import { BATCH_COLUMN_PREFIX, batchJobColumns } from "./batch-job-row.js";
import { batchProgress } from "./batch-progress.js";
import { batchStart } from "./batch-start.js";
import { columnList } from "./column-list.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { marketplaceJobColumns } from "./marketplace-job-row.js";
import { statsCount } from "./stats-count.js";
import type { TenantDatabase } from "./tenant-database.js";

/** Why a job is left as it is. The names are those of the errors that a single job's caller gets. */
export type JobRejection = "UNKNOWN_JOB" | "STALE_ATTEMPT" | "ILLEGAL_JOB_TRANSITION";

type ChangedColumn = Exclude<(typeof marketplaceJobColumns)[number], "id" | "batch_job_id" | "marketplace">;

/** New values by column; `j` is the job as it was, `d` the row of `decided`. */
export type JobChanges = Partial<Record<ChangedColumn, RawBuilder<unknown>>>;

export interface JobMoveParams {
  /** Steps that `locked` builds on, separated and ended by commas. */
  readonly preceding?: RawBuilder<unknown> | undefined;
  /** Selects the jobs and locks them, in the order of their ids: every statement locks jobs so, then batches, then stats. */
  readonly locked: RawBuilder<unknown>;
  /**
   * Looks at the locked jobs, whose newest versions these are, and gives a row for each job asked for: `id`,
   * `found_status`, `rejection`, and what the changes need.
   */
  readonly decided: RawBuilder<unknown>;
  readonly changes: JobChanges;
  /** What the move means for batches and stats. */
  readonly consequence: "none" | "start" | "end";
}

/** A job as it became; or one that was left as it is, and why; or a batch that the move finished. */
export type JobMoveRow = MovedJobRow | RejectedJobRow | FinishedBatchRow;

export type MovedJobRow = MarketplaceJobRow & { readonly rejected_id: null };

export interface RejectedJobRow {
  readonly id: null;
  readonly rejected_id: number;
  readonly found_status: JobStatus | null;
  readonly rejection: JobRejection;
}

export type FinishedBatchRow = BatchColumns & { readonly id: null; readonly rejected_id: null };

/**
 * The one statement by which jobs change: lock the jobs → decide → update → let their batches follow → count. Steps
 * that lock or write hang on the step before by their data, since SQL does not promise to run them in the order written.
 *
 * Moved jobs, rejections and finished batches come as rows of their own: joining them would cost the planner a guess
 * at how many there are, and a wrong one the product of all of them.
 */
export function jobMove(tenant: TenantDatabase, params: JobMoveParams): RawBuilder<JobMoveRow> {
  const { preceding = sql``, locked, decided, changes, consequence } = params;
  const assignments = Object.entries<RawBuilder<unknown>>({ updated_at: sql`statement_timestamp()`, ...changes }).map(
    ([column, value]) => sql`${sql.ref(column)} = ${value}`,
  );
  const noJob = nulls(marketplaceJobColumns);
  const noBatch = consequence === "end" ? sql`, ${nulls(batchJobColumns, BATCH_COLUMN_PREFIX)}` : sql``;
  const finishedBatches =
    consequence === "end"
      ? sql`
        union all
        select null, null, null, ${noJob}, ${columnList("f", batchJobColumns)} from finished_batches f`
      : sql``;
  const order = consequence === "start" ? sql` order by priority, run_at, id` : sql``;
  // A claim takes few of the many jobs that the planner expects it to lock, and would read the whole table for them.
  const named = consequence === "start" ? sql` and j.id = any (array(select id from decided))` : sql``;
  return sql<JobMoveRow>`
    with recursive ${preceding}
    locked as materialized (${locked}),
    decided as materialized (${decided}),
    moved as (
      update ${tenant.names.marketplaceJobs} j set ${sql.join(assignments)}
      from decided d
      where j.id = d.id and d.rejection is null${named}
      returning ${columnList("j", marketplaceJobColumns)}
    )${consequences(tenant, consequence)}
    select null::integer as rejected_id, null::text as found_status, null::text as rejection, ${columnList("m", marketplaceJobColumns)}${noBatch}
    from moved m${finishedBatches}
    union all
    select d.id, d.found_status, d.rejection, ${noJob}${noBatch} from decided d where d.rejection is not null${order}`;
}

function consequences(tenant: TenantDatabase, consequence: JobMoveParams["consequence"]): RawBuilder<unknown> {
  switch (consequence) {
    case "none":
      return sql``;
    case "start":
      return sql`, ${batchStart(tenant)}`;
    case "end":
      return sql`, ${batchProgress(tenant)}, ${statsCount(tenant)}`;
  }
}

function nulls(columns: readonly string[], prefix = ""): RawBuilder<unknown> {
  return sql.raw(columns.map((column) => `null as ${prefix}${column}`).join(", "));
}
