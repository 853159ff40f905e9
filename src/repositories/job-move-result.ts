import type { BatchJob } from "../entities/batch-job.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { batchOf } from "./batch-job-row.js";
import type { JobMoveRow, RejectedJobRow } from "./job-move.js";
import { toMarketplaceJob } from "./marketplace-job-row.js";

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
