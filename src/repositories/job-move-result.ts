import type { BatchJob } from "../entities/batch-job.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { batchOf } from "./batch-job-row.js";
import type { JobMoveRow, MovedStatusRow, RejectedJobRow } from "./job-move-row.js";
import { toMarketplaceJob } from "./marketplace-job-row.js";

/** What a sweep over jobs did. */
export interface SweptJobs {
  /** The jobs as they became, by id. */
  readonly jobs: MarketplaceJob[];
  /** The batches that this very call finished; nobody else is told. */
  readonly finishedBatches: BatchJob[];
}

/** The rows of a move, sorted by what they tell. */
export interface JobMoveResult<Job> {
  readonly jobs: Job[];
  readonly rejected: readonly RejectedJobRow[];
  readonly finishedBatches: BatchJob[];
}

export function jobMoveResult<Moved extends MovedStatusRow, Job>(
  rows: readonly JobMoveRow<Moved>[],
  toJob: (row: Moved) => Job,
): JobMoveResult<Job> {
  const result = { jobs: [] as Job[], rejected: [] as RejectedJobRow[], finishedBatches: [] as BatchJob[] };
  for (const row of rows) {
    if (row.id !== null) result.jobs.push(toJob(row));
    else if (row.rejected_id !== null) result.rejected.push(row);
    else result.finishedBatches.push(batchOf(row)!);
  }
  return result;
}

/** What the caller of a sweep gets; rows come in whatever order the server found them. */
export function sweptJobs(rows: readonly JobMoveRow[]): SweptJobs {
  const { jobs, finishedBatches } = jobMoveResult(rows, toMarketplaceJob);
  return { jobs: jobs.toSorted((left, right) => left.id - right.id), finishedBatches };
}
