import type { BatchJob } from "../entities/batch-job.js";
import type { JobStatus } from "../entities/job-status.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import type { JobMoveRow, JobRejection } from "./job-move.js";
import { jobMoveResult } from "./job-move-result.js";
import type { AskedOutcome } from "./settle-statement.js";
import { settleStatement } from "./settle-statement.js";
import type { TenantDatabase } from "./tenant-database.js";

export interface RejectedOutcome {
  readonly id: number;
  readonly reason: JobRejection;
  /** The status that the job really has; `null` for an unknown one. */
  readonly status: JobStatus | null;
}

export interface SettleJobsResult {
  /** The jobs as they became, in the order given. */
  readonly settled: MarketplaceJob[];
  /** The jobs that were left as they are, in the order given. */
  readonly rejected: RejectedOutcome[];
  /** The batches that this very call finished; nobody else is told. */
  readonly finishedBatches: BatchJob[];
}

export async function settleJobs(tenant: TenantDatabase, asked: readonly AskedOutcome[]): Promise<SettleJobsResult> {
  const { rows } = await settleStatement(tenant, asked).execute(tenant.db);
  return settleJobsResult(asked, rows);
}

/** Rows come in whatever order the server found them. */
export function settleJobsResult(asked: readonly AskedOutcome[], rows: readonly JobMoveRow[]): SettleJobsResult {
  const { jobs, rejected, finishedBatches } = jobMoveResult(rows);
  const positions = new Map(asked.map(({ id }, position) => [id, position]));
  const inOrderGiven = (left: { id: number }, right: { id: number }): number =>
    positions.get(left.id)! - positions.get(right.id)!;
  const answered = new Set([...jobs.map(({ id }) => id), ...rejected.map((row) => row.rejected_id)]);
  return {
    settled: jobs.toSorted(inOrderGiven),
    rejected: [
      ...rejected.map((row) => ({ id: row.rejected_id, reason: row.rejection, status: row.found_status })),
      ...asked.filter(({ id }) => !answered.has(id)).map(({ id }) => suppressed(id)),
    ].toSorted(inOrderGiven),
    finishedBatches,
  };
}

/** It could have been settled, but a trigger of the host's kept the row as it was. */
function suppressed(id: number): RejectedOutcome {
  return { id, reason: "ILLEGAL_JOB_TRANSITION", status: "running" };
}
