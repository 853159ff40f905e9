import type { BatchJob } from "../entities/batch-job.js";
import type { JobStatus } from "../entities/job-status.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import type { MovedRows } from "./job-move.js";
import { jobMoveResult } from "./job-move-result.js";
import type { JobMoveRow, JobRejection } from "./job-move-row.js";
import type { SettledForm, SettledForms } from "./settled-form.js";
import { settledReaders } from "./settled-form.js";
import type { AskedOutcome } from "./settle-statement.js";
import { settleStatement } from "./settle-statement.js";
import type { TenantDatabase } from "./tenant-database.js";

export interface RejectedOutcome {
  readonly id: number;
  readonly reason: JobRejection;
  /** The status that the job really has; `null` for an unknown one. */
  readonly status: JobStatus | null;
}

/** What is wanted of a `settleJobs` beside its outcomes. */
export interface SettleJobsOptions<Form extends SettledForm = SettledForm> {
  /**
   * What `settled` holds of each job: the whole of it, `"job"`, when left out. `"status"` is for many jobs at once: what
   * became of them, without sending back what the worker has in hand.
   */
  readonly returning?: Form | undefined;
}

/** What came of each outcome: every job is in one of the two lists. */
export interface SettleJobsResult<Settled = MarketplaceJob> {
  /** The jobs as they became, in the order given. */
  readonly settled: Settled[];
  /** The jobs that were left as they are, in the order given. */
  readonly rejected: RejectedOutcome[];
  /** The batches that this very call finished; nobody else is told. */
  readonly finishedBatches: BatchJob[];
}

export async function settleJobs<Form extends SettledForm>(
  tenant: TenantDatabase,
  asked: readonly AskedOutcome[],
  form: Form,
): Promise<SettleJobsResult<SettledForms[Form]>> {
  const { rows } = await settleStatement(tenant, asked, form).execute(tenant.db);
  return settleJobsResult(asked, rows, form);
}

/** Rows come in whatever order the server found them. */
export function settleJobsResult<Form extends SettledForm>(
  asked: readonly AskedOutcome[],
  rows: readonly JobMoveRow<MovedRows[Form]>[],
  form: Form,
): SettleJobsResult<SettledForms[Form]> {
  const { jobs, rejected, finishedBatches } = jobMoveResult(rows, settledReaders[form]);
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
