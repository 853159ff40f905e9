import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/** The counters of a batch as SQL expressions. */
export interface BatchCounterExpressions {
  readonly total: RawBuilder<unknown>;
  readonly completed: RawBuilder<unknown>;
  readonly failed: RawBuilder<unknown>;
  readonly cancelled: RawBuilder<unknown>;
}

/** Whether all jobs of a batch have ended: `areAllJobsTerminal` in SQL. */
export function allJobsTerminal({ total, completed, failed, cancelled }: BatchCounterExpressions): RawBuilder<unknown> {
  return sql`(${total} > 0 and ${completed} + ${failed} + ${cancelled} >= ${total})`;
}

/** The status that follows from the counters and the status so far: `batchStatus` in SQL. */
export function batchStatusCase(counters: BatchCounterExpressions, current: RawBuilder<unknown>): RawBuilder<unknown> {
  const { total, completed, failed, cancelled } = counters;
  return sql`case
    when ${current} = 'cancelled' then 'cancelled'
    when not ${allJobsTerminal(counters)} then
      case when ${current} = 'pending' and ${completed} + ${failed} + ${cancelled} = 0 then 'pending' else 'running' end
    when ${cancelled} >= ${total} then 'cancelled'
    when ${failed} >= ${total} then 'failed'
    when ${failed} = 0 then 'completed'
    else 'partially_failed'
  end`;
}
