import type { BatchJob } from "../entities/batch-job.js";
import { activeBatchJobStatuses } from "../entities/batch-job-status.js";
import { openJobCount } from "../entities/batch-status-rule.js";
import { BatchAlreadyFinishedError } from "../errors/batch-already-finished-error.js";
import { toBatchJob } from "./batch-job-row.js";
import { cancelBatchStatement } from "./cancel-batch-statement.js";
import type { CancelBatchParams } from "./cancel-batch-statement.js";
import type { TenantDatabase } from "./tenant-database.js";

export interface CancelBatchResult {
  readonly batch: BatchJob;
  /** Jobs that this call cancelled or asked to stop. */
  readonly cancelledCount: number;
  /** The batch, when nothing of it was running; otherwise whoever settles its last running job is told. */
  readonly finishedBatch?: BatchJob;
}

interface CancelledBatch extends Omit<CancelBatchResult, "finishedBatch"> {
  readonly isFinished: boolean;
  readonly requestedCount: number;
}

/**
 * One statement as a rule. A job that joined the batch or was sent back to wait while that statement waited for its
 * locks is not in its snapshot; it shows in the counters, and since nothing can join a cancelled batch any more, one
 * further statement finds all of them.
 */
export async function cancelBatch(tenant: TenantDatabase, batchId: string): Promise<CancelBatchResult | undefined> {
  const cancelled = await cancelIn(tenant, { batchId, from: activeBatchJobStatuses });
  if (cancelled === undefined) return undefined;
  const isComplete = openJobCount(cancelled.batch) <= cancelled.requestedCount;
  const swept = isComplete ? undefined : await cancelIn(tenant, { batchId, from: ["cancelled"] });
  const { batch, isFinished } = swept ?? cancelled;
  return {
    batch,
    cancelledCount: cancelled.cancelledCount + (swept?.cancelledCount ?? 0),
    ...(isFinished ? { finishedBatch: batch } : {}),
  };
}

async function cancelIn(tenant: TenantDatabase, params: CancelBatchParams): Promise<CancelledBatch | undefined> {
  const { rows } = await cancelBatchStatement(tenant, params).execute(tenant.db);
  const [row] = rows;
  if (row === undefined) return undefined;
  if (row.id === null) {
    throw new BatchAlreadyFinishedError({
      tenant: tenant.schema,
      batchId: params.batchId,
      status: row.locked_status,
      refused: "it cannot be cancelled",
    });
  }
  return {
    batch: toBatchJob(row),
    cancelledCount:
      row.cancelled_jobs + row.requested_jobs - (params.from.includes("cancelled") ? row.requested_before : 0),
    requestedCount: row.requested_jobs,
    isFinished: row.finished,
  };
}
