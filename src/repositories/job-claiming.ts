import * as z from "zod";
import { MAX_SETTLED_JOBS } from "../entities/job-outcome.js";
import type { JobReference } from "../entities/job-reference.js";
import { jobReferenceSchema, rowIdSchema } from "../entities/job-reference.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { parseInput } from "../errors/parse-input.js";
import type { ClaimJobsParams } from "./claim-jobs.js";
import { claimJobs, leaseMsSchema, parseClaim } from "./claim-jobs.js";
import { extendLeasesStatement } from "./extend-leases-statement.js";
import { JobReading } from "./job-reading.js";
import { startMove } from "./job-transition-moves.js";
import { toMarketplaceJob } from "./marketplace-job-row.js";
import { moveJob } from "./move-job.js";

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

const leaseOptionsSchema = z.strictObject({ leaseMs: leaseMsSchema });

const jobReferencesSchema = z
  .array(jobReferenceSchema)
  .min(1)
  .max(MAX_SETTLED_JOBS)
  .refine((jobs) => new Set(jobs.map(({ id }) => id)).size === jobs.length, { error: "names a job twice" });

/**
 * How a worker comes to its jobs and holds them. Every method locks jobs by id, then those of their batches that have
 * not started, by id.
 */
export class JobClaiming extends JobReading {
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
    return claimJobs(this.tenant, parseClaim(params));
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
    return (await moveJob(this.tenant, jobId, startMove(leaseMs)))?.job;
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
}
