import type { BatchJob } from "../entities/batch-job.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { batchOf } from "./batch-job-row.js";
import { toMarketplaceJob } from "./marketplace-job-row.js";
import { refusedMoveError } from "./refused-move.js";
import type { SingleJobMove } from "./single-job-move.js";
import { singleJobMove } from "./single-job-move.js";
import type { TenantDatabase } from "./tenant-database.js";

/** One job that ended, or was asked to. */
export interface SettledJob {
  readonly job: MarketplaceJob;
  /** The batch, when this very call ended its last open job; nobody else is told. */
  readonly finishedBatch?: BatchJob;
}

/**
 * Moves one job. What its caller gets: the job, `undefined` for an unknown one, or the error that says why it was left
 * alone.
 */
export async function moveJob<Values extends object>(
  tenant: TenantDatabase,
  jobId: number,
  move: SingleJobMove<Values>,
): Promise<SettledJob | undefined> {
  const { rows } = await singleJobMove(tenant, jobId, move).execute(tenant.db);
  const [row] = rows;
  if (row === undefined) return undefined;
  if (row.id === null) {
    const { transition, values } = move;
    throw refusedMoveError({
      tenant: tenant.schema,
      jobId,
      transition,
      attempt: "attempt" in values ? (values.attempt as number | null) : undefined,
      rejection: row.rejection,
      status: row.found_status,
    });
  }
  const job = toMarketplaceJob(row);
  const finishedBatch = batchOf(row);
  return finishedBatch === undefined ? { job } : { job, finishedBatch };
}
