import type { FailJobOptions, JobOutcome, ParsedJobOutcome } from "../entities/job-outcome.js";
import { MAX_SETTLED_JOBS } from "../entities/job-outcome.js";
import type { JobReference } from "../entities/job-reference.js";
import type { JsonValue } from "../entities/json-value.js";
import { CallGroups } from "./call-groups.js";
import type { JobMoveRow } from "./job-move.js";
import type { Fence } from "./job-settling-moves.js";
import { acknowledgeMove, completeMove, failMove } from "./job-settling-moves.js";
import type { SettledJob } from "./move-job.js";
import { moveJob } from "./move-job.js";
import { refusedMoveError } from "./refused-move.js";
import type { SettleJobsResult } from "./settle-jobs.js";
import { settleJobs, settleJobsResult } from "./settle-jobs.js";
import type { AskedOutcome } from "./settle-statement.js";
import { askedOutcome, settleStatement } from "./settle-statement.js";
import { parseAcknowledgement, parseCompletion, parseFailure, parseOutcomes } from "./settling-input.js";
import { settlingShares } from "./settling-shares.js";
import type { SingleJobMove } from "./single-job-move.js";
import type { TenantDatabase } from "./tenant-database.js";

/** What one call asks for; what is sent of it is written down when it is made, whatever becomes of its arguments. */
export type SettlingRequest = readonly AskedOutcome[];

/** Outcomes that many callers tell, as those of one `settleJobs`. */
export class CoalescedSettling {
  readonly #tenant: TenantDatabase;
  readonly #groups: CallGroups<SettlingRequest, JobMoveRow>;

  constructor(tenant: TenantDatabase, concurrency: number) {
    this.#tenant = tenant;
    this.#groups = new CallGroups({
      concurrency,
      beginGroup,
      send: async (group) => (await settleStatement(tenant, group.flat()).execute(tenant.db)).rows,
      share: settlingShares,
    });
  }

  async complete(job: JobReference, resultData: JsonValue | undefined): Promise<SettledJob | undefined> {
    const outcome = parseCompletion(job, resultData);
    return this.#settleOne(outcome, completeMove(outcome.job.attempt, outcome.resultData));
  }

  async fail(job: JobReference, error: string | Error, options?: FailJobOptions): Promise<SettledJob | undefined> {
    const outcome = parseFailure(job, error, options);
    return this.#settleOne(outcome, failMove(outcome.job.attempt, outcome));
  }

  async acknowledge(job: JobReference): Promise<SettledJob | undefined> {
    const outcome = parseAcknowledgement(job);
    return this.#settleOne(outcome, acknowledgeMove(outcome.job.attempt));
  }

  async settle(outcomes: readonly JobOutcome[]): Promise<SettleJobsResult> {
    const asked = parseOutcomes(outcomes).map(askedOutcome);
    return this.#groups.call(asked, {
      alone: () => settleJobs(this.#tenant, asked),
      answer: (rows) => settleJobsResult(asked, rows),
    });
  }

  #settleOne<Values extends Fence>(
    outcome: ParsedJobOutcome,
    move: SingleJobMove<Values>,
  ): Promise<SettledJob | undefined> {
    const { id: jobId, attempt } = outcome.job;
    const asked = [askedOutcome(outcome)];
    return this.#groups.call(asked, {
      alone: () => moveJob(this.#tenant, jobId, move),
      answer: (rows) => {
        const { settled, rejected, finishedBatches } = settleJobsResult(asked, rows);
        const [job] = settled;
        const [finishedBatch] = finishedBatches;
        if (job !== undefined) return finishedBatch === undefined ? { job } : { job, finishedBatch };
        const { reason: rejection, status } = rejected[0]!;
        if (rejection === "UNKNOWN_JOB") return undefined;
        const { transition } = move;
        throw refusedMoveError({
          tenant: this.#tenant.schema,
          jobId,
          transition,
          attempt,
          rejection,
          status: status!,
        });
      },
    });
  }
}

/** A statement names a job once. A call that has to wait keeps its jobs' later calls behind it. */
function beginGroup(): (request: SettlingRequest) => boolean {
  const taken = new Set<number>();
  let left = MAX_SETTLED_JOBS;
  return (request) => {
    const joins = request.length <= left && request.every(({ id }) => !taken.has(id));
    if (joins) left -= request.length;
    for (const { id } of request) taken.add(id);
    return joins;
  };
}
