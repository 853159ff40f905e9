import type { FailJobOptions, JobOutcome } from "../entities/job-outcome.js";
import type { JobReference } from "../entities/job-reference.js";
import type { JsonValue } from "../entities/json-value.js";
import { JobClaiming } from "./job-claiming.js";
import { acknowledgeMove, completeMove, failMove } from "./job-settling-moves.js";
import type { SettledJob } from "./move-job.js";
import { moveJob } from "./move-job.js";
import type { SettledForm, SettledForms } from "./settled-form.js";
import type { SettleJobsOptions, SettleJobsResult } from "./settle-jobs.js";
import { settleJobs } from "./settle-jobs.js";
import { askedOutcome } from "./settle-statement.js";
import {
  parseAcknowledgement,
  parseCompletion,
  parseFailure,
  parseOutcomes,
  parseSettledForm,
} from "./settling-input.js";

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
    const outcome = parseCompletion(job, resultData);
    return moveJob(this.tenant, outcome.job.id, completeMove(outcome.job.attempt, outcome.resultData));
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
    const outcome = parseFailure(job, error, options);
    return moveJob(this.tenant, outcome.job.id, failMove(outcome.job.attempt, outcome));
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
    const { id, attempt } = parseAcknowledgement(job).job;
    return moveJob(this.tenant, id, acknowledgeMove(attempt));
  }

  /**
   * Settles up to 10,000 running jobs at once, each by its own outcome. What cannot be settled is left as it is, told
   * with its reason, and keeps none of the others back. This is the answer to a batch in which many workers count: a
   * call moves its counters once, not once a job. Locks as completing them one by one would. One statement.
   *
   * `{ returning: "status" }` gives `{ id, status }` of each settled job instead of the whole job, for about half of the
   * host's processor time; everything else is the same.
   *
   * @throws `INVALID_INPUT` for an empty list, more than 10,000 outcomes, a job named twice, a malformed value or an
   * unknown option.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { jobs } = forTenant(db, "user_1");
   * const claimed = await jobs.claimJobs({ marketplace: "vinted", limit: 50 });
   * if (claimed.length > 0) {
   *   const { settled, rejected } = await jobs.settleJobs(claimed.map((job) => ({ job, outcome: "completed" })));
   *   console.log(settled.map(({ productId }) => productId), rejected.length);
   * }
   * ```
   */
  async settleJobs<Form extends SettledForm = "job">(
    outcomes: readonly JobOutcome[],
    options: SettleJobsOptions<Form> = {},
  ): Promise<SettleJobsResult<SettledForms[Form]>> {
    const asked = parseOutcomes(outcomes).map(askedOutcome);
    return settleJobs(this.tenant, asked, parseSettledForm(options));
  }
}
