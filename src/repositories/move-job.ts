import type { BatchJob } from "../entities/batch-job.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { IllegalJobTransitionError } from "../errors/illegal-job-transition-error.js";
import { StaleAttemptError } from "../errors/stale-attempt-error.js";
import { batchOf } from "./batch-job-row.js";
import { toMarketplaceJob } from "./marketplace-job-row.js";
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
    if (row.rejection === "STALE_ATTEMPT" && "attempt" in values) {
      throw new StaleAttemptError({ tenant: tenant.schema, jobId, attempt: Number(values.attempt) });
    }
    throw new IllegalJobTransitionError({ tenant: tenant.schema, jobId, status: row.found_status, transition });
  }
  const job = toMarketplaceJob(row);
  const finishedBatch = batchOf(row);
  return finishedBatch === undefined ? { job } : { job, finishedBatch };
}
