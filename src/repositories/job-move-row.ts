import type { JobStatus } from "../entities/job-status.js";
import type { BatchColumns } from "./batch-job-row.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";

/** Why a job is left as it is. The names are those of the errors that a single job's caller gets. */
export type JobRejection = "UNKNOWN_JOB" | "STALE_ATTEMPT" | "ILLEGAL_JOB_TRANSITION";

/** A job that was moved; or one that was left as it is, and why; or a batch that the move finished. */
export type JobMoveRow<Moved extends MovedStatusRow = MarketplaceJobRow> =
  | (Moved & { readonly rejected_id: null })
  | RejectedJobRow
  | FinishedBatchRow;

/** The least that a move tells of a job. */
export type MovedStatusRow = Pick<MarketplaceJobRow, (typeof movedStatusColumns)[number]>;

export const movedStatusColumns = ["id", "batch_job_id", "status"] as const;

export interface RejectedJobRow {
  readonly id: null;
  readonly rejected_id: number;
  readonly found_status: JobStatus | null;
  readonly rejection: JobRejection;
}

export type FinishedBatchRow = BatchColumns & { readonly id: null; readonly rejected_id: null };
