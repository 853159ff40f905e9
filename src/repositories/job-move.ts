import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { JobStatus } from "../entities/job-status.js";
import type { BatchColumns } from "./batch-job-row.js";
import { BATCH_COLUMN_PREFIX, batchJobColumns } from "./batch-job-row.js";
import { batchProgress } from "./batch-progress.js";
import { columnList } from "./column-list.js";
import type { JobChanges } from "./job-changes.js";
import { jobAssignments } from "./job-changes.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { manyJobsColumnList, marketplaceJobColumns } from "./marketplace-job-row.js";
import { statsCount } from "./stats-count.js";
import type { TenantDatabase } from "./tenant-database.js";

/** Why a job is left as it is. The names are those of the errors that a single job's caller gets. */
export type JobRejection = "UNKNOWN_JOB" | "STALE_ATTEMPT" | "ILLEGAL_JOB_TRANSITION";

export interface JobMoveParams {
  /** Steps that `locked` builds on, separated and ended by commas. */
  readonly preceding?: RawBuilder<unknown>;
  /** Selects the jobs and locks them, in the order of their ids: every statement locks jobs so, then batches, then stats. */
  readonly locked: RawBuilder<unknown>;
  /**
   * Looks at the locked jobs, whose newest versions these are, and gives a row for each job asked for: `id`,
   * `found_status`, `rejection`, and what the changes need.
   */
  readonly decided: RawBuilder<unknown>;
  readonly changes: JobChanges;
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
 * The one statement by which jobs end: lock the jobs → decide → update → let their batches follow → count. Steps that
 * lock or write hang on the step before by their data, since SQL does not promise to run them in the order written.
 *
 * Moved jobs, rejections and finished batches come as rows of their own, which no row of the others meets: joining them
 * by their ids would cost the planner a guess at how many there are, and a wrong one the product of all of them. Rows of
 * one shape in a `union all` would name each column three times over, and the server reads them each time.
 */
export function jobMove(tenant: TenantDatabase, params: JobMoveParams): RawBuilder<JobMoveRow> {
  const { preceding = sql``, locked, decided, changes } = params;
  return sql<JobMoveRow>`
    with ${preceding}
    locked as materialized (${locked}),
    decided as materialized (${decided}),
    moved as (
      update ${tenant.names.marketplaceJobs} j set ${jobAssignments(changes)}
      from decided d
      where j.id = d.id and d.rejection is null
      returning ${columnList("j", marketplaceJobColumns)}
    ), ${batchProgress(tenant, "many")}, ${statsCount(tenant, "many")}
    select r.id as rejected_id, r.found_status, r.rejection, ${manyJobsColumnList("m")},
      ${columnList("b", batchJobColumns, BATCH_COLUMN_PREFIX)}
    from moved m
    full join (select id, found_status, rejection from decided where rejection is not null) r on false
    full join (select ${columnList("b", batchJobColumns)} from batch_moved b where b.finished) b on false`;
}
