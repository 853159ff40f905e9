import * as z from "zod";
import { batchIdSchema } from "../entities/batch-id.js";
import type { BatchJob } from "../entities/batch-job.js";
import { rowIdSchema } from "../entities/job-reference.js";
import type { Marketplace } from "../entities/marketplace.js";
import { marketplaceSchema } from "../entities/marketplace.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { momentSchema } from "../entities/moment.js";
import { MAX_BATCH_SIZE } from "../entities/new-batch-job.js";
import type { NewMarketplaceJob } from "../entities/new-marketplace-job.js";
import { newMarketplaceJobSchema } from "../entities/new-marketplace-job.js";
import { BatchAlreadyFinishedError } from "../errors/batch-already-finished-error.js";
import { parseInput } from "../errors/parse-input.js";
import { batchOf } from "./batch-job-row.js";
import type { CreatedJob } from "./create-jobs.js";
import { createJobs } from "./create-jobs.js";
import { deleteFinishedStatement } from "./delete-finished-statement.js";
import { expireStatement } from "./expire-statement.js";
import type { SweptJobs } from "./job-move-result.js";
import type { SettledJob } from "./move-job.js";
import { moveJob } from "./move-job.js";
import { sweptJobs } from "./job-move-result.js";
import { cancelMove, pauseMove, resumeMove } from "./job-transition-moves.js";
import { JobSettling } from "./job-settling.js";
import { toMarketplaceJob } from "./marketplace-job-row.js";
import { rescueStatement } from "./rescue-statement.js";
import { retryFailedStatement } from "./retry-failed-statement.js";

/** A second's work: long enough to get ahead of what piles up, short enough to hold no lock for long. */
export const DEFAULT_SWEEP_LIMIT = 1_000;

/** Above that a sweep would hold its locks for many seconds. */
export const MAX_SWEEP_LIMIT = 50_000;

export interface ExpireOverdueJobsOptions {
  readonly marketplace?: Marketplace | undefined;
  /** {@link DEFAULT_SWEEP_LIMIT} when left out. */
  readonly limit?: number | undefined;
}

export interface RescueLostJobsOptions {
  /** {@link DEFAULT_SWEEP_LIMIT} when left out. */
  readonly limit?: number | undefined;
}

export interface DeleteFinishedJobsParams {
  /** Jobs that ended before this time: completed, else expired, else created. */
  readonly olderThan: Date;
  /** 1–50,000; repeat the call while it deletes as many. */
  readonly limit: number;
}

export interface DeleteFinishedJobsResult {
  readonly deletedCount: number;
}

export interface RetryFailedJobsResult {
  /** The jobs that were sent back to wait, oldest first. */
  readonly jobs: MarketplaceJob[];
  readonly batch: BatchJob;
}

const sweepLimitSchema = z.int().min(1).max(MAX_SWEEP_LIMIT);
const newJobsSchema = z.array(newMarketplaceJobSchema).min(1).max(MAX_BATCH_SIZE);
const rescueOptionsSchema = z.strictObject({ limit: sweepLimitSchema.default(DEFAULT_SWEEP_LIMIT) });
const expireOptionsSchema = z.strictObject({
  marketplace: marketplaceSchema.optional(),
  limit: sweepLimitSchema.default(DEFAULT_SWEEP_LIMIT),
});
const deleteParamsSchema = z.strictObject({ olderThan: momentSchema, limit: sweepLimitSchema });

/**
 * The jobs of one tenant. Every method is one statement in the transaction of the Kysely that `forTenant` was given,
 * checks its input before it, and never commits, retries or waits on its own.
 */
export class MarketplaceJobRepository extends JobSettling {
  /**
   * Creates one job. With an idempotency key that exists, the job that carries it is given and nothing is written.
   * Joining a batch locks the batch. One statement, but for the moment in which somebody else is creating the same
   * key: then the job is read with a second one.
   *
   * @throws `UNKNOWN_ACTION_TYPE`, `UNKNOWN_BATCH`, `BATCH_ALREADY_FINISHED`, `INVALID_INPUT`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { job, created } = await forTenant(db, "user_1").jobs.createJob({
   *   marketplace: "vinted",
   *   actionCode: "publish",
   *   productId: 17,
   *   idempotencyKey: "publish-17-2026-01-15",
   * });
   * console.log(job.status, created); // pending true
   * ```
   */
  async createJob(newJob: NewMarketplaceJob): Promise<CreatedJob> {
    const parsed = parseInput(newMarketplaceJobSchema, newJob, { code: "INVALID_INPUT", subject: "createJob" });
    const [result] = await createJobs(this.tenant, [parsed]);
    return result!;
  }

  /**
   * Creates 1–50,000 jobs, all or none, and returns them in the order given; those whose idempotency key exists are
   * given as they are. A key that comes twice in the list means one job. Locks the batches that jobs join. Statements
   * as for {@link createJob}, whatever the number of jobs.
   *
   * @throws `UNKNOWN_ACTION_TYPE`, `UNKNOWN_BATCH`, `BATCH_ALREADY_FINISHED`, `INVALID_INPUT`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const created = await forTenant(db, "user_1").jobs.createJobs(
   *   [17, 18, 19].map((productId) => ({ marketplace: "ebay", actionCode: "update", productId })),
   * );
   * console.log(created.map(({ job }) => job.productId)); // [ 17, 18, 19 ]
   * ```
   */
  async createJobs(newJobs: readonly NewMarketplaceJob[]): Promise<CreatedJob[]> {
    const parsed = parseInput(newJobsSchema, newJobs, { code: "INVALID_INPUT", subject: "createJobs" });
    return createJobs(this.tenant, parsed);
  }

  /**
   * Sets a pending job aside. It can still expire. `undefined` for an unknown id. Locks the job. One statement.
   *
   * @throws `ILLEGAL_JOB_TRANSITION` when the job is not pending; `INVALID_INPUT`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const paused = await forTenant(db, "user_1").jobs.pauseJob(17);
   * console.log(paused?.status);
   * ```
   */
  async pauseJob(id: number): Promise<MarketplaceJob | undefined> {
    const jobId = parseInput(rowIdSchema, id, { code: "INVALID_INPUT", subject: "pauseJob" });
    return (await moveJob(this.tenant, jobId, pauseMove))?.job;
  }

  /**
   * Lets a paused job go on, with an hour to start in from now, or from its `runAt` if that is later. `undefined` for
   * an unknown id. Locks the job. One statement.
   *
   * @throws `ILLEGAL_JOB_TRANSITION` when the job is not paused; `INVALID_INPUT`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { jobs } = forTenant(db, "user_1");
   * await jobs.pauseJob(17);
   * console.log((await jobs.resumeJob(17))?.status); // pending
   * ```
   */
  async resumeJob(id: number): Promise<MarketplaceJob | undefined> {
    const jobId = parseInput(rowIdSchema, id, { code: "INVALID_INPUT", subject: "resumeJob" });
    return (await moveJob(this.tenant, jobId, resumeMove))?.job;
  }

  /**
   * Cancels a pending or paused job. A running one keeps running with `cancelRequested` until its worker acknowledges
   * or settles it otherwise, or, unanswered, until {@link rescueLostJobs}; asking again gives the same job.
   * `undefined` for an unknown id. Locks the job, and its batch when the job ended. One statement.
   *
   * @throws `ILLEGAL_JOB_TRANSITION` when the job has ended; `INVALID_INPUT`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const cancelled = await forTenant(db, "user_1").jobs.cancelJob(17);
   * if (cancelled !== undefined) console.log(cancelled.job.status, cancelled.job.cancelRequested);
   * ```
   */
  async cancelJob(id: number): Promise<SettledJob | undefined> {
    const jobId = parseInput(rowIdSchema, id, { code: "INVALID_INPUT", subject: "cancelJob" });
    return moveJob(this.tenant, jobId, cancelMove);
  }

  /**
   * Expires pending and paused jobs whose `expiresAt` has passed; they count as failed in their batches. Locks the
   * jobs, skipping those that others hold, and their batches. One statement.
   *
   * @throws `INVALID_INPUT` for unknown keys or a malformed value.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { jobs, finishedBatches } = await forTenant(db, "user_1").jobs.expireOverdueJobs({ limit: 500 });
   * console.log(jobs.length, finishedBatches.length);
   * ```
   */
  async expireOverdueJobs(options: ExpireOverdueJobsOptions = {}): Promise<SweptJobs> {
    const parsed = parseInput(expireOptionsSchema, options, { code: "INVALID_INPUT", subject: "expireOverdueJobs" });
    const { rows } = await expireStatement(this.tenant, parsed).execute(this.tenant.db);
    return sweptJobs(rows);
  }

  /**
   * Takes running jobs from workers whose lease lapsed: back to wait for another attempt, or failed for good without
   * one left. Those whose cancellation was asked for are cancelled, a minute after the request even if the lease
   * holds. A running job without a lease, as the legacy system left them, counts as lost an hour after its start.
   * Locks the jobs, skipping those that others hold, their batches and rows of the stats. One statement.
   *
   * @throws `INVALID_INPUT` for unknown keys or a malformed value.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { jobs } = await forTenant(db, "user_1").jobs.rescueLostJobs();
   * console.log(jobs.map((job) => `${job.id} ${job.status}`));
   * ```
   */
  async rescueLostJobs(options: RescueLostJobsOptions = {}): Promise<SweptJobs> {
    const { limit } = parseInput(rescueOptionsSchema, options, { code: "INVALID_INPUT", subject: "rescueLostJobs" });
    const { rows } = await rescueStatement(this.tenant, limit).execute(this.tenant.db);
    return sweptJobs(rows);
  }

  /**
   * Sends the failed and expired jobs of a batch back to wait, as if new but for `attempt`. The batch reopens, and
   * when it finishes again that is told once more. `undefined` for an unknown batch. Locks the jobs and the batch. One
   * statement.
   *
   * @throws `BATCH_ALREADY_FINISHED` when the batch was cancelled; `INVALID_INPUT`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const retried = await forTenant(db, "user_1").jobs.retryFailedJobs("publish_20260115_101530_a1b2c3d4");
   * console.log(retried?.jobs.length, retried?.batch.status);
   * ```
   */
  async retryFailedJobs(batchId: string): Promise<RetryFailedJobsResult | undefined> {
    const id = parseInput(batchIdSchema, batchId, { code: "INVALID_INPUT", subject: "retryFailedJobs" });
    const { rows } = await retryFailedStatement(this.tenant, id).execute(this.tenant.db);
    const [row] = rows;
    if (row === undefined) return undefined;
    if (row.locked_status === "cancelled") {
      throw new BatchAlreadyFinishedError({
        tenant: this.tenant.schema,
        batchId: id,
        status: row.locked_status,
        refused: "its jobs cannot be tried again",
      });
    }
    return { jobs: rows.filter((job) => job.id !== null).map(toMarketplaceJob), batch: batchOf(row)! };
  }

  /**
   * Deletes the oldest jobs that ended before a time, at most `limit`: those without a batch and those of finished
   * batches. A batch keeps its counters as history and gets `prunedAt`. Locks the jobs, skipping those that others
   * hold, and their batches the first time. One statement.
   *
   * @throws `INVALID_INPUT` for unknown keys or a malformed value.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const olderThan = new Date(Date.now() - 90 * 24 * 60 * 60 * 1_000);
   * const { jobs } = forTenant(db, "user_1");
   * while ((await jobs.deleteFinishedJobs({ olderThan, limit: 5_000 })).deletedCount === 5_000);
   * ```
   */
  async deleteFinishedJobs(params: DeleteFinishedJobsParams): Promise<DeleteFinishedJobsResult> {
    const parsed = parseInput(deleteParamsSchema, params, { code: "INVALID_INPUT", subject: "deleteFinishedJobs" });
    const { rows } = await deleteFinishedStatement(this.tenant, parsed).execute(this.tenant.db);
    return { deletedCount: rows[0]!.deleted_count };
  }
}
