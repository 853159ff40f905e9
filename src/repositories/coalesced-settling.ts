import type { FailJobOptions, JobOutcome, ParsedJobOutcome } from "../entities/job-outcome.js";
import { MAX_SETTLED_JOBS } from "../entities/job-outcome.js";
import type { JobReference } from "../entities/job-reference.js";
import type { JsonValue } from "../entities/json-value.js";
import { CallGroups } from "./call-groups.js";
import type { JobMoveRow, MovedStatusRow } from "./job-move-row.js";
import type { MovedRows } from "./job-move.js";
import type { Fence } from "./job-settling-moves.js";
import { acknowledgeMove, completeMove, failMove } from "./job-settling-moves.js";
import type { SettledJob } from "./move-job.js";
import { moveJob } from "./move-job.js";
import { refusedMoveError } from "./refused-move.js";
import type { SettledForm, SettledForms } from "./settled-form.js";
import type { SettleJobsOptions, SettleJobsResult } from "./settle-jobs.js";
import { settleJobs, settleJobsResult } from "./settle-jobs.js";
import { askedOutcome, settleStatement } from "./settle-statement.js";
import {
  parseAcknowledgement,
  parseCompletion,
  parseFailure,
  parseOutcomes,
  parseSettledForm,
} from "./settling-input.js";
import type { SettlingRequest } from "./settling-request.js";
import { settlingShares } from "./settling-shares.js";
import type { SingleJobMove } from "./single-job-move.js";
import type { TenantDatabase } from "./tenant-database.js";
import type { Placing } from "./waiting-calls.js";

/**
 * Calls whose results are longer than this together go in several statements: small ones are not to wait for large ones,
 * and a text has an end (V8 takes some 500 million characters).
 */
const MAX_GROUP_CHARACTERS = 16 * 1024 * 1024;

/** Outcomes that many callers tell, as those of one `settleJobs`. */
export class CoalescedSettling {
  readonly #tenant: TenantDatabase;
  readonly #groups: CallGroups<SettlingRequest, JobMoveRow<MovedStatusRow>>;

  constructor(tenant: TenantDatabase, concurrency: number) {
    this.#tenant = tenant;
    this.#groups = new CallGroups({
      concurrency,
      jobsOf: ({ asked }) => asked.length,
      beginGroup,
      send: (group) => send(tenant, group),
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

  async settle<Form extends SettledForm>(
    outcomes: readonly JobOutcome[],
    options: SettleJobsOptions<Form> = {},
  ): Promise<SettleJobsResult<SettledForms[Form]>> {
    const asked = parseOutcomes(outcomes).map(askedOutcome);
    const form = parseSettledForm(options);
    return this.#groups.call(
      { asked, form },
      {
        alone: () => settleJobs(this.#tenant, asked, form),
        // The rows of a group hold no less than what each caller of it asked for.
        answer: (rows) => settleJobsResult(asked, rows as readonly JobMoveRow<MovedRows[Form]>[], form),
      },
    );
  }

  #settleOne<Values extends Fence>(
    outcome: ParsedJobOutcome,
    move: SingleJobMove<Values>,
  ): Promise<SettledJob | undefined> {
    const { id: jobId, attempt } = outcome.job;
    const asked = [askedOutcome(outcome)];
    return this.#groups.call(
      { asked, form: "job" },
      {
        alone: () => moveJob(this.#tenant, jobId, move),
        answer: (rows) => {
          const { settled, rejected, finishedBatches } = settleJobsResult(asked, rows as readonly JobMoveRow[], "job");
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
      },
    );
  }
}

/** Whole jobs for everybody as soon as one caller wants them. */
async function send(
  tenant: TenantDatabase,
  group: readonly SettlingRequest[],
): Promise<readonly JobMoveRow<MovedStatusRow>[]> {
  const asked = group.flatMap((request) => request.asked);
  const form = group.some((request) => request.form === "job") ? "job" : "status";
  return (await settleStatement(tenant, asked, form).execute(tenant.db)).rows;
}

/**
 * A statement names a job once, and is no longer than it may be. A call that has to wait keeps its jobs' later calls
 * behind it, and none goes past one of the same job that is under way.
 */
function beginGroup(past: readonly SettlingRequest[]): (request: SettlingRequest) => Placing {
  const taken = new Set(past.flatMap(({ asked }) => asked.map(({ id }) => id)));
  let left = MAX_SETTLED_JOBS;
  let charactersLeft = MAX_GROUP_CHARACTERS;
  return ({ asked }) => {
    const characters = asked.reduce((sum, { row }) => sum + row.length, 0);
    const isFree = asked.every(({ id }) => !taken.has(id));
    for (const { id } of asked) taken.add(id);
    if (!isFree) return "waits";
    const fits = asked.length <= left && (left === MAX_SETTLED_JOBS || characters <= charactersLeft);
    if (!fits) return "goes next";
    left -= asked.length;
    charactersLeft -= characters;
    return "joins";
  };
}
