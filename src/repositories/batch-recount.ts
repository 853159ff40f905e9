import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { allJobsTerminal, batchStatusCase } from "./batch-status-case.js";

/** The aggregates by which jobs are recounted; `counted` is the name of the step that gives them. */
export const recount: RawBuilder<unknown> = sql`
  count(*)::integer as total,
  count(*) filter (where status = 'completed')::integer as completed,
  count(*) filter (where status in ('failed', 'expired'))::integer as failed,
  count(*) filter (where status = 'cancelled')::integer as cancelled,
  coalesce(bool_or(status = 'running'), false) as is_running`;

export const counted = {
  total: sql`coalesce(counted.total, 0)`,
  completed: sql`coalesce(counted.completed, 0)`,
  failed: sql`coalesce(counted.failed, 0)`,
  cancelled: sql`coalesce(counted.cancelled, 0)`,
};

/** The status that batch `b` should have: running when a job of it runs or has ended, unless it was cancelled. */
export const recountedStatus: RawBuilder<unknown> = batchStatusCase(
  counted,
  sql`(case when b.status = 'cancelled' then 'cancelled' when counted.is_running then 'running' else 'pending' end)`,
);

/**
 * Whether batch `b` says something else than its jobs: in a counter, in how it ended, or in that it ended at all. A
 * batch that is `running` though nothing of it has started is no error: it never goes back.
 */
export const differsFromRecount: RawBuilder<unknown> = sql`(
  (b.total_count, b.completed_count, b.failed_count, b.cancelled_count)
    <> (${counted.total}, ${counted.completed}, ${counted.failed}, ${counted.cancelled})
  or case
    when ${allJobsTerminal(counted)} then b.status <> ${recountedStatus} or b.completed_at is null
    else b.status not in ('pending', 'running', 'cancelled')
  end
)`;
