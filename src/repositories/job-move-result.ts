import type { BatchJob } from "../entities/batch-job.js";
import type { JobTransition } from "../entities/job-transition.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { IllegalJobTransitionError } from "../errors/illegal-job-transition-error.js";
import { StaleAttemptError } from "../errors/stale-attempt-error.js";
import { batchOf } from "./batch-job-row.js";
import type { JobMoveRow } from "./job-move.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { toMarketplaceJob } from "./marketplace-job-row.js";
import type { TenantDatabase } from "./tenant-database.js";

/** One job that ended, or was asked to. */
export interface SettledJob {
  readonly job: MarketplaceJob;
  /** The batch, when this very call ended its last open job; nobody else is told. */
  readonly finishedBatch?: BatchJob;
}

/** Jobs that a sweep moved, in the order of their priority. */
export interface SweptJobs {
  readonly jobs: MarketplaceJob[];
  /** The batches that this very call finished; nobody else is told. */
  readonly finishedBatches: BatchJob[];
}

export function isMoved(row: JobMoveRow): row is JobMoveRow & MarketplaceJobRow {
  return row.id !== null;
}

export function movedJobs(rows: readonly JobMoveRow[]): MarketplaceJob[] {
  return rows.filter(isMoved).map(toMarketplaceJob);
}

/** Each finished batch once, though every job that ended with it names it. */
export function finishedBatches(rows: readonly JobMoveRow[]): BatchJob[] {
  const batches = new Map<number, BatchJob>();
  for (const row of rows) {
    const batch = batchOf(row);
    if (batch !== undefined) batches.set(batch.id, batch);
  }
  return [...batches.values()];
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
  const [row] = rows;
  if (row === undefined || row.rejection === "UNKNOWN_JOB") return undefined;
  const { jobId, transition, attempt } = params;
  const tenant = params.tenant.schema;
  if (row.rejection === "STALE_ATTEMPT") throw new StaleAttemptError({ tenant, jobId, attempt: attempt! });
  if (!isMoved(row)) throw new IllegalJobTransitionError({ tenant, jobId, status: row.found_status!, transition });
  const finishedBatch = batchOf(row);
  return { job: toMarketplaceJob(row), ...(finishedBatch === undefined ? {} : { finishedBatch }) };
}
