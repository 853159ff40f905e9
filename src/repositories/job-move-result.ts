import type { BatchJob } from "../entities/batch-job.js";
import type { JobTransition } from "../entities/job-transition.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { IllegalJobTransitionError } from "../errors/illegal-job-transition-error.js";
import { StaleAttemptError } from "../errors/stale-attempt-error.js";
import { batchOf } from "./batch-job-row.js";
import type { JobMoveRow, RejectedJobRow } from "./job-move.js";
import { toMarketplaceJob } from "./marketplace-job-row.js";
import type { TenantDatabase } from "./tenant-database.js";

/** One job that ended, or was asked to. */
export interface SettledJob {
  readonly job: MarketplaceJob;
  /** The batch, when this very call ended its last open job; nobody else is told. */
  readonly finishedBatch?: BatchJob;
}

/** What a sweep over jobs did. */
export interface SweptJobs {
  /** The jobs as they became, by id. */
  readonly jobs: MarketplaceJob[];
  /** The batches that this very call finished; nobody else is told. */
  readonly finishedBatches: BatchJob[];
}

/** The rows of a move, sorted by what they tell. */
export interface JobMoveResult extends SweptJobs {
  readonly rejected: readonly RejectedJobRow[];
}

export function jobMoveResult(rows: readonly JobMoveRow[]): JobMoveResult {
  const result = { jobs: [] as MarketplaceJob[], rejected: [] as RejectedJobRow[], finishedBatches: [] as BatchJob[] };
  for (const row of rows) {
    if (row.id !== null) result.jobs.push(toMarketplaceJob(row));
    else if (row.rejected_id !== null) result.rejected.push(row);
    else result.finishedBatches.push(batchOf(row)!);
  }
  return result;
}

/** What the caller of a sweep gets; rows come in whatever order the server found them. */
export function sweptJobs(rows: readonly JobMoveRow[]): SweptJobs {
  const { jobs, finishedBatches } = jobMoveResult(rows);
  return { jobs: jobs.toSorted((left, right) => left.id - right.id), finishedBatches };
}

export interface SingleResultParams {
  readonly tenant: TenantDatabase;
  readonly transition: JobTransition;
  readonly jobId: number;
  /** The attempt that the caller holds, if it named one. */
  readonly attempt?: number | null;
}

/** What one job's caller gets: the job, `undefined` for an unknown one, or the error that says why it was left alone. */
export function singleResult(rows: readonly JobMoveRow[], params: SingleResultParams): SettledJob | undefined {
  const { jobs, rejected, finishedBatches } = jobMoveResult(rows);
  if (rejected[0] !== undefined) return rejectedResult(rejected[0], params);
  const [job] = jobs;
  const [finishedBatch] = finishedBatches;
  return job && { job, ...(finishedBatch === undefined ? {} : { finishedBatch }) };
}

function rejectedResult({ rejection, found_status }: RejectedJobRow, params: SingleResultParams): undefined {
  const { jobId, transition, attempt } = params;
  const tenant = params.tenant.schema;
  switch (rejection) {
    case "UNKNOWN_JOB":
      return undefined;
    case "STALE_ATTEMPT":
      throw new StaleAttemptError({ tenant, jobId, attempt: attempt! });
    case "ILLEGAL_JOB_TRANSITION":
      throw new IllegalJobTransitionError({ tenant, jobId, status: found_status!, transition });
  }
}
