import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { TenantDatabase } from "./tenant-database.js";

/**
 * The queue by ranges of priorities: the four that there are, and below and above them whatever others rows of the
 * legacy system have.
 */
export const PRIORITY_RANGES: RawBuilder<unknown> = sql`
  (values (-2147483648, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 2147483647)) priorities (lowest, highest)`;

const isItsTime = sql`
  j.run_at <= statement_timestamp() and (j.expires_at is null or j.expires_at > statement_timestamp())`;

const isDue = sql`j.status = 'pending' and ${isItsTime}`;

/**
 * The same of a job that is known by its id: in words from which PostgreSQL cannot conclude that the index of the queue
 * would do as well, which it would read from end to end.
 */
export const isStillDue: RawBuilder<unknown> = sql`(j.status = 'pending') is true and ${isItsTime}`;

interface DueJobsParams {
  readonly marketplace: RawBuilder<unknown>;
  readonly limit: RawBuilder<unknown>;
  readonly actionTypeIds: RawBuilder<unknown> | undefined;
  readonly isLocking: boolean;
  readonly except?: RawBuilder<unknown>;
}

/**
 * The oldest due jobs of one marketplace within the priorities of `range`, and their batches; no more than the limit.
 *
 * A regular priority is one range of `marketplace_jobs_claim_idx`, read from its oldest due job on: jobs deferred to
 * later are not in the way. That takes equality on the priority, which is why the few others are asked for apart; of
 * these, deferred ones are stepped over. For each range only one of the two is executed.
 */
export function dueJobsInRange({ names }: TenantDatabase, params: DueJobsParams): RawBuilder<unknown> {
  const { marketplace, limit, actionTypeIds, isLocking, except = sql`` } = params;
  const ofAction = actionTypeIds === undefined ? sql`` : sql` and j.action_type_id = any (${actionTypeIds})`;
  const lock = isLocking ? sql` for no key update skip locked` : sql``;
  const jobs = sql`
    select j.id, j.batch_job_id, j.priority, j.run_at
    from ${names.marketplaceJobs} j
    where j.marketplace = ${marketplace} and ${isDue}${ofAction}${except}`;
  return sql`
    select id, batch_job_id, priority, run_at
    from (
      ${jobs} and range.lowest = range.highest and j.priority = range.lowest
      order by j.run_at, j.id
      limit ${limit}${lock}
    ) regular
    union all
    select id, batch_job_id, priority, run_at
    from (
      ${jobs} and range.lowest < range.highest and j.priority between range.lowest and range.highest
      order by j.priority, j.run_at, j.id
      limit ${limit}${lock}
    ) other`;
}
