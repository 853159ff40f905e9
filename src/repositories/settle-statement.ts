import { sql } from "kysely";
import type { ParsedJobOutcome } from "../entities/job-outcome.js";
import { arrayText } from "./array-text.js";
import { hasRetryLeft, jobEndChanges, retryBackoff } from "./job-end-changes.js";
import type { JobMoveRow } from "./job-move.js";
import { jobMove } from "./job-move.js";
import { jsonRows } from "./json-rows.js";
import type { TenantDatabase } from "./tenant-database.js";
import type { TenantStatement } from "./tenant-statement.js";
import { tenantStatement } from "./tenant-statement.js";

const ASKED_COLUMNS =
  "id integer, attempt integer, outcome text, result_data jsonb, error_message text, retry boolean, " +
  "retry_after_ms double precision";

/**
 * Settles running jobs, each as its outcome says: one statement whatever their number. Those that cannot be settled
 * are left as they are and keep none of the others back.
 */
export function settleStatement(
  tenant: TenantDatabase,
  outcomes: readonly ParsedJobOutcome[],
): TenantStatement<JobMoveRow> {
  return tenantStatement(tenant, {
    form: "settle",
    values: {
      outcomes: JSON.stringify(outcomes.map(askedRow)),
      ids: arrayText(outcomes.map(({ job }) => job.id)),
    },
    write: (anyTenant, values) =>
      jobMove(anyTenant, {
        preceding: sql`asked as materialized (
          select id, attempt, outcome, result_data, error_message, retry, retry_after_ms
          from ${jsonRows(values.outcomes, ASKED_COLUMNS)}
        ),`,
        locked: sql`
          select j.id, j.status, j.attempt, j.retry_count, j.max_retries, j.cancel_requested
          from ${anyTenant.names.marketplaceJobs} j
          where j.id = any (${values.ids}::integer[])
          order by j.id
          for no key update`,
        // The fence comes before the status: to a worker that lost its job, what the job is by now means nothing.
        decided: sql`
          select a.id, a.outcome, a.result_data, a.error_message, l.status as found_status,
            case
              when l.id is null then 'UNKNOWN_JOB'
              when a.attempt <> l.attempt then 'STALE_ATTEMPT'
              when l.status <> 'running' then 'ILLEGAL_JOB_TRANSITION'
              when a.outcome = 'cancelled' and not l.cancel_requested then 'ILLEGAL_JOB_TRANSITION'
            end as rejection,
            case
              when a.outcome <> 'failed' then a.outcome
              when not (a.retry and ${hasRetryLeft}) then 'failed'
              when l.cancel_requested then 'cancelled'
              else 'pending'
            end as next_status,
            coalesce(a.retry_after_ms * interval '1 millisecond', ${retryBackoff}) as retry_delay
          from asked a
          left join locked l on l.id = a.id`,
        changes: {
          ...jobEndChanges,
          result_data: sql`coalesce(d.result_data, j.result_data)`,
          error_message: sql`case d.outcome when 'failed' then d.error_message when 'cancelled' then j.error_message end`,
        },
      }),
  });
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
