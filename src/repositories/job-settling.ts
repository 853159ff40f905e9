import type { FailJobOptions, JobOutcome } from "../entities/job-outcome.js";
import { failJobOptionsSchema, jobOutcomesSchema } from "../entities/job-outcome.js";
import { errorTextSchema } from "../entities/error-text.js";
import type { JobReference } from "../entities/job-reference.js";
import { jobReferenceSchema } from "../entities/job-reference.js";
import type { JobStatus } from "../entities/job-status.js";
import type { JsonValue } from "../entities/json-value.js";
import { jsonValueSchema } from "../entities/json-value.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import type { BatchJob } from "../entities/batch-job.js";
import { parseInput } from "../errors/parse-input.js";
import type { JobRejection } from "./job-move.js";
import { jobMoveResult } from "./job-move-result.js";
import { acknowledgeMove, completeMove, failMove } from "./job-settling-moves.js";
import type { SettledJob } from "./move-job.js";
import { moveJob } from "./move-job.js";
import { settleStatement } from "./settle-statement.js";
import { JobClaiming } from "./job-claiming.js";

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

const resultDataSchema = jsonValueSchema.optional();

/**
 * How a worker says what came of its jobs.
 *
 * A job is handed back as it was claimed, `{ id, attempt }` at least: the attempt keeps a worker that lost its lease
 * from settling what another one has begun since. A bare id is guarded by the job's status alone.
 *
 * Every method locks jobs by id, then their batches by id, then stats rows by key. Two calls within one transaction of
 * the host's break that order, so PostgreSQL may end it with 40P01; repeat the transaction then.
 */
export class JobSettling extends JobClaiming {
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
    return moveJob(this.tenant, parsed.id, completeMove(parsed.attempt, result));
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
    return moveJob(
      this.tenant,
      parsed.id,
      failMove({ attempt: parsed.attempt, error: text, retry: retry.retry, retryAfterMs: retry.retryAfterMs }),
    );
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
    return moveJob(this.tenant, parsed.id, acknowledgeMove(parsed.attempt));
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
    const { jobs, rejected, finishedBatches } = jobMoveResult(rows);
    const positions = new Map(parsed.map(({ job }, position) => [job.id, position]));
    const inOrderGiven = (left: { id: number }, right: { id: number }): number =>
      positions.get(left.id)! - positions.get(right.id)!;
    return {
      settled: jobs.toSorted(inOrderGiven),
      rejected: rejected
        .map((row) => ({ id: row.rejected_id, reason: row.rejection, status: row.found_status }))
        .toSorted(inOrderGiven),
      finishedBatches,
    };
  }
}
