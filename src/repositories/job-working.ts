import * as z from "zod";
import type { FailJobOptions, JobOutcome } from "../entities/job-outcome.js";
import { failJobOptionsSchema, jobOutcomesSchema, MAX_SETTLED_JOBS } from "../entities/job-outcome.js";
import { errorTextSchema } from "../entities/error-text.js";
import type { JobReference } from "../entities/job-reference.js";
import { jobReferenceSchema, rowIdSchema } from "../entities/job-reference.js";
import { DEFAULT_LEASE_MS, MAX_LEASE_MS, MIN_LEASE_MS } from "../entities/job-timing.js";
import type { JobTransition } from "../entities/job-transition.js";
import type { ParsedJobOutcome } from "../entities/job-outcome.js";
import type { JobStatus } from "../entities/job-status.js";
import type { JsonValue } from "../entities/json-value.js";
import { jsonValueSchema } from "../entities/json-value.js";
import type { Marketplace } from "../entities/marketplace.js";
import { marketplaceSchema } from "../entities/marketplace.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import type { BatchJob } from "../entities/batch-job.js";
import { parseInput } from "../errors/parse-input.js";
import { claimStatement } from "./claim-statement.js";
import { extendLeasesStatement } from "./extend-leases-statement.js";
import type { JobRejection } from "./job-move.js";
import type { SettledJob } from "./job-move-result.js";
import { finishedBatches, isMoved, movedJobs, singleResult } from "./job-move-result.js";
import { JobReading } from "./job-reading.js";
import { startMove } from "./job-transition-moves.js";
import { toMarketplaceJob } from "./marketplace-job-row.js";
import { settleStatement } from "./settle-statement.js";
import { singleJobMove } from "./single-job-move.js";

/** A worker that starts more at once than this keeps other workers waiting for jobs that it only holds. */
export const MAX_CLAIMED_JOBS = 1_000;

/** More marketplaces than a tenant sells on. */
const MAX_CLAIMED_MARKETPLACES = 100;

export interface ClaimJobsParams {
  /** One marketplace or several: without them a claim would have to sort the whole queue. */
  readonly marketplace: Marketplace | readonly Marketplace[];
  /** 1–1,000. */
  readonly limit: number;
  /** Only jobs of these action types. Due jobs of others are stepped over one by one, so keep these few. */
  readonly actionTypeIds?: readonly number[] | undefined;
  /** How long the jobs are held, {@link DEFAULT_LEASE_MS} when left out. */
  readonly leaseMs?: number | undefined;
}

export interface LeaseOptions {
  /** How long the job is held from now on, {@link DEFAULT_LEASE_MS} when left out. */
  readonly leaseMs?: number | undefined;
}

export interface LostJob {
  readonly id: number;
  /** The attempt that was asked for; `null` when a bare id was. */
  readonly attempt: number | null;
}

export interface ExtendLeasesResult {
  /** Jobs that the worker still holds, with their new `leaseExpiresAt`, in the order given. */
  readonly extended: MarketplaceJob[];
  /** Jobs that are no longer the worker's: drop what was done for them. */
  readonly lost: LostJob[];
  /** Those of `extended` whose cancellation somebody asked for: stop, then `acknowledgeCancel`. */
  readonly cancelRequested: MarketplaceJob[];
}

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

const leaseMsSchema = z.int().min(MIN_LEASE_MS).max(MAX_LEASE_MS).default(DEFAULT_LEASE_MS);
const leaseOptionsSchema = z.strictObject({ leaseMs: leaseMsSchema });

const claimJobsParamsSchema = z.strictObject({
  marketplace: z
    .union([marketplaceSchema, z.array(marketplaceSchema).min(1).max(MAX_CLAIMED_MARKETPLACES)])
    .transform((marketplace) => [...new Set(typeof marketplace === "string" ? [marketplace] : marketplace)]),
  limit: z.int().min(1).max(MAX_CLAIMED_JOBS),
  actionTypeIds: z.array(rowIdSchema).min(1).max(MAX_CLAIMED_JOBS).optional(),
  leaseMs: leaseMsSchema,
});

const jobReferencesSchema = z
  .array(jobReferenceSchema)
  .min(1)
  .max(MAX_SETTLED_JOBS)
  .refine((jobs) => new Set(jobs.map(({ id }) => id)).size === jobs.length, { error: "names a job twice" });

const resultDataSchema = jsonValueSchema.optional();

/**
 * What a worker does: claim jobs, hold them, settle them.
 *
 * A job is handed back as it was claimed, `{ id, attempt }` at least: the attempt keeps a worker that lost its lease
 * from settling what another one has begun since. A bare id is guarded by the job's status alone.
 *
 * Every method locks jobs by id, then their batches by id, then stats rows by key. Two calls within one transaction of
 * the host's break that order, so PostgreSQL may end it with 40P01; repeat the transaction then.
 */
export class JobWorking extends JobReading {
  /**
   * Starts due jobs for this worker and returns them, most urgent first, then by `runAt` and `id`. Jobs that another
   * worker is claiming are skipped, never waited for; a batch runs from its first started job. Locks the jobs, and
   * those batches that have not started. One statement.
   *
   * @throws `INVALID_INPUT` for unknown keys or a malformed value.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { jobs } = forTenant(db, "user_1");
   * for (const job of await jobs.claimJobs({ marketplace: "vinted", limit: 10 })) {
   *   await jobs.completeJob(job, { listingId: `listing-of-${job.productId}` });
   * }
   * ```
   */
  async claimJobs(params: ClaimJobsParams): Promise<MarketplaceJob[]> {
    const { marketplace, ...parsed } = parseInput(claimJobsParamsSchema, params, {
      code: "INVALID_INPUT",
      subject: "claimJobs",
    });
    const { rows } = await claimStatement(this.tenant, { marketplaces: marketplace, ...parsed }).execute(
      this.tenant.db,
    );
    return movedJobs(rows);
  }

  /**
   * Starts one pending job by hand, also before its `runAt`, and returns it; `undefined` for an unknown id. Locks the
   * job, and its batch when that has not started. One statement.
   *
   * @throws `ILLEGAL_JOB_TRANSITION` when the job is not pending or has expired; `INVALID_INPUT`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const job = await forTenant(db, "user_1").jobs.startJob(17, { leaseMs: 60_000 });
   * console.log(job?.attempt);
   * ```
   */
  async startJob(id: number, options: LeaseOptions = {}): Promise<MarketplaceJob | undefined> {
    const jobId = parseInput(rowIdSchema, id, { code: "INVALID_INPUT", subject: "startJob" });
    const { leaseMs } = parseInput(leaseOptionsSchema, options, { code: "INVALID_INPUT", subject: "startJob" });
    const { rows } = await singleJobMove(this.tenant, jobId, startMove(leaseMs)).execute(this.tenant.db);
    return singleResult(rows, { tenant: this.tenant, transition: "start", jobId })?.job;
  }

  /**
   * The worker's heartbeat: holds its running jobs for longer, and says which of them are lost and which it is asked
   * to cancel. Locks the jobs. One statement.
   *
   * @throws `INVALID_INPUT` for an empty list, more than 10,000 jobs, a job named twice, or a malformed value.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { jobs } = forTenant(db, "user_1");
   * const claimed = await jobs.claimJobs({ marketplace: "vinted", limit: 10 });
   * if (claimed.length > 0) {
   *   const { lost, cancelRequested } = await jobs.extendLeases(claimed);
   *   for (const job of cancelRequested) await jobs.acknowledgeCancel(job);
   *   console.log(lost.length);
   * }
   * ```
   */
  async extendLeases(jobs: readonly JobReference[], options: LeaseOptions = {}): Promise<ExtendLeasesResult> {
    const asked = parseInput(jobReferencesSchema, jobs, { code: "INVALID_INPUT", subject: "extendLeases" });
    const { leaseMs } = parseInput(leaseOptionsSchema, options, { code: "INVALID_INPUT", subject: "extendLeases" });
    const { rows } = await extendLeasesStatement(this.tenant, asked, leaseMs).execute(this.tenant.db);
    const extended = rows.filter((row) => row.id !== null).map(toMarketplaceJob);
    return {
      extended,
      lost: rows.filter((row) => row.id === null).map((row) => ({ id: row.asked_id, attempt: row.asked_attempt })),
      cancelRequested: extended.filter((job) => job.cancelRequested),
    };
  }

  /**
   * Completes a running job, also one whose cancellation was asked for. `undefined` for an unknown id. Locks the job,
   * its batch and a row of the stats. One statement.
   *
   * @throws `STALE_ATTEMPT` when the attempt is no longer the job's; `ILLEGAL_JOB_TRANSITION` when the job is not
   * running; `INVALID_INPUT`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { jobs } = forTenant(db, "user_1");
   * const [job] = await jobs.claimJobs({ marketplace: "vinted", limit: 1 });
   * if (job !== undefined) {
   *   const settled = await jobs.completeJob(job, { listingId: "4711" });
   *   if (settled?.finishedBatch !== undefined) console.log(`${settled.finishedBatch.batchId} is done`);
   * }
   * ```
   */
  async completeJob(job: JobReference, resultData?: JsonValue): Promise<SettledJob | undefined> {
    const parsed = parseInput(jobReferenceSchema, job, { code: "INVALID_INPUT", subject: "completeJob" });
    const result = parseInput(resultDataSchema, resultData, {
      code: "INVALID_INPUT",
      subject: "completeJob resultData",
    });
    return this.#settle({ job: parsed, outcome: "completed", resultData: result }, "complete");
  }

  /**
   * Records that a running job failed. It goes back to `pending` while it has an attempt left, later each time, and
   * fails for good otherwise; one whose cancellation was asked for is cancelled instead of being tried again. The
   * error's text is kept with the job, cut after 10,000 characters. `undefined` for an unknown id. Locks the job, its
   * batch and a row of the stats. One statement.
   *
   * @throws `STALE_ATTEMPT` when the attempt is no longer the job's; `ILLEGAL_JOB_TRANSITION` when the job is not
   * running; `INVALID_INPUT`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { jobs } = forTenant(db, "user_1");
   * const [job] = await jobs.claimJobs({ marketplace: "vinted", limit: 1 });
   * if (job !== undefined) {
   *   const settled = await jobs.failJob(job, new Error("429 Too Many Requests"), { retryAfterMs: 90_000 });
   *   console.log(settled?.job.status); // pending
   * }
   * ```
   */
  async failJob(
    job: JobReference,
    error: string | Error,
    options: FailJobOptions = {},
  ): Promise<SettledJob | undefined> {
    const parsed = parseInput(jobReferenceSchema, job, { code: "INVALID_INPUT", subject: "failJob" });
    const text = parseInput(errorTextSchema, error, { code: "INVALID_INPUT", subject: "failJob error" });
    const retry = parseInput(failJobOptionsSchema, options, { code: "INVALID_INPUT", subject: "failJob options" });
    return this.#settle({ job: parsed, outcome: "failed", error: text, ...retry }, "fail");
  }

  /**
   * Cancels a running job at its worker's word, after its cancellation was asked for. `undefined` for an unknown id.
   * Locks the job and its batch. One statement.
   *
   * @throws `STALE_ATTEMPT` when the attempt is no longer the job's; `ILLEGAL_JOB_TRANSITION` when the job is not
   * running or nobody asked for its cancellation; `INVALID_INPUT`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { jobs } = forTenant(db, "user_1");
   * const [job] = await jobs.claimJobs({ marketplace: "vinted", limit: 1 });
   * if (job !== undefined) {
   *   await jobs.cancelJob(job.id);
   *   console.log((await jobs.acknowledgeCancel(job))?.job.status); // cancelled
   * }
   * ```
   */
  async acknowledgeCancel(job: JobReference): Promise<SettledJob | undefined> {
    const parsed = parseInput(jobReferenceSchema, job, { code: "INVALID_INPUT", subject: "acknowledgeCancel" });
    return this.#settle({ job: parsed, outcome: "cancelled" }, "acknowledgeCancel");
  }

  /**
   * Settles up to 10,000 running jobs at once, each by its own outcome. What cannot be settled is left as it is, told
   * with its reason, and keeps none of the others back. This is the answer to a batch in which many workers count: a
   * call moves its counters once, not once a job. Locks as completing them one by one would. One statement.
   *
   * @throws `INVALID_INPUT` for an empty list, more than 10,000 outcomes, a job named twice, or a malformed value.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { jobs } = forTenant(db, "user_1");
   * const claimed = await jobs.claimJobs({ marketplace: "vinted", limit: 50 });
   * if (claimed.length > 0) {
   *   const { settled, rejected } = await jobs.settleJobs(claimed.map((job) => ({ job, outcome: "completed" })));
   *   console.log(settled.length, rejected.length);
   * }
   * ```
   */
  async settleJobs(outcomes: readonly JobOutcome[]): Promise<SettleJobsResult> {
    const parsed = parseInput(jobOutcomesSchema, outcomes, { code: "INVALID_INPUT", subject: "settleJobs" });
    const { rows } = await settleStatement(this.tenant, parsed).execute(this.tenant.db);
    const positions = new Map(parsed.map(({ job }, position) => [job.id, position]));
    const ordered = rows.toSorted((left, right) => positions.get(left.asked_id)! - positions.get(right.asked_id)!);
    return {
      settled: movedJobs(ordered),
      rejected: ordered
        .filter((row) => !isMoved(row))
        .map((row) => ({ id: row.asked_id, reason: row.rejection!, status: row.found_status })),
      finishedBatches: finishedBatches(ordered),
    };
  }

  async #settle(outcome: ParsedJobOutcome, transition: JobTransition): Promise<SettledJob | undefined> {
    const { rows } = await settleStatement(this.tenant, [outcome]).execute(this.tenant.db);
    const { id: jobId, attempt } = outcome.job;
    return singleResult(rows, { tenant: this.tenant, transition, jobId, attempt });
  }
}
