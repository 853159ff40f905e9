import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { ParsedJobOutcome } from "../entities/job-outcome.js";
import { arrayText } from "./array-text.js";
import type { JobChanges } from "./job-changes.js";
import { hasRetryLeft, jobEndChanges, retryBackoff } from "./job-end-changes.js";
import type { JobMoveRow } from "./job-move-row.js";
import type { JobMoveParams, MovedRows } from "./job-move.js";
import { jobMove } from "./job-move.js";
import { jsonRows } from "./json-rows.js";
import type { StatementValues } from "./statement-value.js";
import type { TenantDatabase } from "./tenant-database.js";
import type { TenantStatement } from "./tenant-statement.js";
import { tenantStatement } from "./tenant-statement.js";

const ASKED_COLUMNS = "id integer, attempt integer, outcome text, result_data jsonb";
const FAILURE_COLUMNS = "error_message text, retry boolean, retry_after_ms double precision";

/** One outcome as it is sent. */
export interface AskedOutcome {
  readonly id: number;
  readonly isFailure: boolean;
  /** The row that asks for it, as a JSON object. */
  readonly row: string;
}

export function askedOutcome(outcome: ParsedJobOutcome): AskedOutcome {
  return { id: outcome.job.id, isFailure: outcome.outcome === "failed", row: JSON.stringify(askedRow(outcome)) };
}

/**
 * Settles running jobs, each as its outcome says: one statement whatever their number. Those that cannot be settled
 * are left as they are and keep none of the others back.
 */
export function settleStatement<Answer extends keyof MovedRows>(
  tenant: TenantDatabase,
  asked: readonly AskedOutcome[],
  answer: Answer,
): TenantStatement<JobMoveRow<MovedRows[Answer]>> {
  const hasFailures = asked.some(({ isFailure }) => isFailure);
  return tenantStatement(tenant, {
    form: `settle ${hasFailures} ${answer}`,
    values: {
      outcomes: `[${asked.map(({ row }) => row).join(",")}]`,
      ids: arrayText(asked.map(({ id }) => id)),
    },
    write: (anyTenant, values) =>
      jobMove(anyTenant, settleMove(anyTenant, values, hasFailures ? someFailed : noneFailed), answer),
  });
}

/** What becomes of jobs that are settled, and how that is decided. */
interface SettledAs {
  readonly askedColumns: string;
  /** Columns of the step `decided` besides those by which a job is refused. */
  readonly decisions: RawBuilder<unknown>;
  readonly changes: JobChanges;
}

const noneFailed: SettledAs = {
  askedColumns: ASKED_COLUMNS,
  decisions: sql`a.outcome, a.result_data`,
  changes: {
    status: sql`d.outcome`,
    completed_at: sql`statement_timestamp()`,
    lease_expires_at: sql`null`,
    result_data: sql`coalesce(d.result_data, j.result_data)`,
    error_message: sql`case d.outcome when 'cancelled' then j.error_message end`,
  },
};

const someFailed: SettledAs = {
  askedColumns: `${ASKED_COLUMNS}, ${FAILURE_COLUMNS}`,
  decisions: sql`a.outcome, a.result_data, a.error_message,
    case
      when a.outcome <> 'failed' then a.outcome
      when not (a.retry and ${hasRetryLeft}) then 'failed'
      when l.cancel_requested then 'cancelled'
      else 'pending'
    end as next_status,
    coalesce(a.retry_after_ms * interval '1 millisecond', ${retryBackoff}) as retry_delay`,
  changes: {
    ...jobEndChanges,
    result_data: sql`coalesce(d.result_data, j.result_data)`,
    error_message: sql`case d.outcome when 'failed' then d.error_message when 'cancelled' then j.error_message end`,
  },
};

function settleMove(
  tenant: TenantDatabase,
  values: StatementValues<{ readonly outcomes: string; readonly ids: string }>,
  { askedColumns, decisions, changes }: SettledAs,
): JobMoveParams {
  return {
    locked: sql`
      select j.id, j.status, j.attempt, j.retry_count, j.max_retries, j.cancel_requested
      from ${tenant.names.marketplaceJobs} j
      where j.id = any (${values.ids}::integer[])
      order by j.id
      for no key update`,
    // The fence comes before the status: to a worker that lost its job, what the job is by now means nothing.
    decided: sql`
      select a.id, l.status as found_status, ${decisions},
        case
          when l.id is null then 'UNKNOWN_JOB'
          when a.attempt <> l.attempt then 'STALE_ATTEMPT'
          when l.status <> 'running' then 'ILLEGAL_JOB_TRANSITION'
          when a.outcome = 'cancelled' and not l.cancel_requested then 'ILLEGAL_JOB_TRANSITION'
        end as rejection
      from ${jsonRows(values.outcomes, "a", askedColumns)}
      left join locked l on l.id = a.id`,
    changes,
  };
}

function askedRow(outcome: ParsedJobOutcome): object {
  const asked = { id: outcome.job.id, attempt: outcome.job.attempt, outcome: outcome.outcome };
  switch (outcome.outcome) {
    case "completed":
      return { ...asked, result_data: outcome.resultData };
    case "failed":
      return { ...asked, error_message: outcome.error, retry: outcome.retry, retry_after_ms: outcome.retryAfterMs };
    case "cancelled":
      return asked;
  }
}
