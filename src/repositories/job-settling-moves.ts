import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { JsonValue } from "../entities/json-value.js";
import type { JobChanges } from "./job-changes.js";
import { hasRetryLeft, jobEndChanges, retryBackoff } from "./job-end-changes.js";
import type { SingleJobMove } from "./single-job-move.js";

export interface Fence {
  /** The attempt that the worker holds; `null` when it named none. */
  readonly attempt: number | null;
}

export function completeMove(
  attempt: number | null,
  resultData: JsonValue | undefined,
): SingleJobMove<Fence & { readonly resultData: string | null }> {
  return {
    transition: "complete",
    consequence: "end",
    values: {
      attempt,
      resultData: resultData === undefined || resultData === null ? null : JSON.stringify(resultData),
    },
    write: (values) => ({
      rejection: sql`case ${staleOrIdle(values.attempt)} end`,
      changes: {
        ...doneChanges("completed"),
        result_data: sql`coalesce(${values.resultData}::text::jsonb, j.result_data)`,
        error_message: sql`null`,
      },
    }),
  };
}

interface Failure {
  readonly error: string;
  readonly retry: boolean;
  /** `undefined` for a growing back-off. */
  readonly retryAfterMs?: number | undefined;
}

export function failMove(
  attempt: number | null,
  { error, retry, retryAfterMs }: Failure,
): SingleJobMove<Fence & Required<Failure>> {
  return {
    transition: "fail",
    consequence: "end",
    values: { attempt, error, retry, retryAfterMs },
    write: (values) => ({
      rejection: sql`case ${staleOrIdle(values.attempt)} end`,
      decisions: sql`,
        case
          when not (${values.retry}::boolean and ${hasRetryLeft}) then 'failed'
          when l.cancel_requested then 'cancelled'
          else 'pending'
        end as next_status,
        coalesce(${values.retryAfterMs}::double precision * interval '1 millisecond', ${retryBackoff}) as retry_delay`,
      changes: { ...jobEndChanges, error_message: sql`${values.error}::text` },
    }),
  };
}

export function acknowledgeMove(attempt: number | null): SingleJobMove<Fence> {
  return {
    transition: "acknowledgeCancel",
    consequence: "end",
    values: { attempt },
    write: (values) => ({
      rejection: sql`case ${staleOrIdle(values.attempt)} when not l.cancel_requested then 'ILLEGAL_JOB_TRANSITION' end`,
      changes: doneChanges("cancelled"),
    }),
  };
}

/** The fence comes before the status: to a worker that lost its job, what the job is by now means nothing. */
function staleOrIdle(attempt: RawBuilder<number | null>): RawBuilder<unknown> {
  return sql`when ${attempt}::integer <> l.attempt then 'STALE_ATTEMPT' when l.status <> 'running' then 'ILLEGAL_JOB_TRANSITION'`;
}

function doneChanges(status: "completed" | "cancelled"): JobChanges {
  return {
    status: sql.lit(status),
    completed_at: sql`statement_timestamp()`,
    lease_expires_at: sql`null`,
  };
}
