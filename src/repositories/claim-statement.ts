import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { JobMoveRow } from "./job-move.js";
import { jobMove } from "./job-move.js";
import { jobStartChanges } from "./job-transition-moves.js";
import { jsonList } from "./json-list.js";
import type { TenantDatabase } from "./tenant-database.js";

export interface ClaimStatementParams {
  readonly marketplaces: readonly string[];
  readonly limit: number;
  readonly actionTypeIds?: readonly number[] | undefined;
  readonly leaseMs: number;
}

/**
 * Starts the most urgent due jobs that no other worker is about to start: by priority, then `run_at`, then id.
 *
 * Each pair of a marketplace and a priority is one range of `marketplace_jobs_claim_idx`, read from its oldest due job
 * on and no further than the limit. Asking for all priorities at once would sort the whole queue, and jobs deferred to
 * later would have to be stepped over.
 */
export function claimStatement(tenant: TenantDatabase, params: ClaimStatementParams): RawBuilder<JobMoveRow> {
  const { limit, leaseMs } = params;
  const ranges = sql`${claimRanges(tenant, params.marketplaces)},`;
  const isOneQueue = params.marketplaces.length === 1;
  return jobMove(tenant, {
    preceding: isOneQueue ? ranges : sql`${ranges} ${oldestOfAllQueues(tenant, params)},`,
    locked: isOneQueue
      ? lockDueJobs(tenant, params, { limit: sql`${limit}`, except: sql`` })
      : sql`
        select id, status from oldest_locked
        union all
        (${lockDueJobs(tenant, params, {
          limit: sql`${limit} - (select count(*) from oldest_locked)`,
          except: sql`and j.id not in (select id from oldest)`,
        })})`,
    decided: sql`select l.id, l.status as found_status, null as rejection from locked l`,
    changes: jobStartChanges(leaseMs),
    consequence: "start",
  });
}

/**
 * The ranges of the queue: the four priorities, and whatever others rows of the legacy system have. Those are found
 * by hopping from one to the next along the index, two hops into nothing when there are none.
 */
function claimRanges({ names }: TenantDatabase, marketplaces: readonly string[]): RawBuilder<unknown> {
  return sql`
    marketplaces as materialized (select value as marketplace from ${jsonList(marketplaces)}),
    other_priorities (marketplace, priority, highest) as (
      select m.marketplace, bound.lowest, bound.highest
      from marketplaces m
      cross join (values (-2147483648, 0), (4, 2147483647)) bound (lowest, highest)
      union all
      select o.marketplace, next.priority, o.highest
      from other_priorities o
      cross join lateral (
        select j.priority
        from ${names.marketplaceJobs} j
        where j.status = 'pending' and j.marketplace = o.marketplace and j.priority > o.priority and j.priority <= o.highest
        order by j.priority
        limit 1
      ) next
    ),
    ranges as materialized (
      select m.marketplace, regular.priority
      from marketplaces m
      cross join (values (1), (2), (3), (4)) regular (priority)
      union
      select marketplace, priority from other_priorities
    )`;
}

/**
 * Locks due jobs range by range, skipping those that others hold. No row is locked that is not taken: the ranges come
 * sorted, and the outer limit stops the loop over them as soon as it is reached.
 */
function lockDueJobs(
  { names }: TenantDatabase,
  { actionTypeIds }: ClaimStatementParams,
  { limit, except }: { readonly limit: RawBuilder<unknown>; readonly except: RawBuilder<unknown> },
): RawBuilder<unknown> {
  return sql`
    select due.id, due.status
    from (select marketplace, priority from ranges order by priority) range
    cross join lateral (
      select j.id, j.status
      from ${names.marketplaceJobs} j
      where j.marketplace = range.marketplace and j.priority = range.priority and ${isDue(actionTypeIds)} ${except}
      order by j.run_at, j.id
      limit ${limit}
      for no key update skip locked
    ) due
    limit ${limit}`;
}

/**
 * Several marketplaces are one queue: the oldest jobs of all of them go first, found without locks, since a lock on
 * a job that then is not among the oldest would keep other workers from it. What others hold of these is made up for
 * from the ranges.
 */
function oldestOfAllQueues(
  { names }: TenantDatabase,
  { limit, actionTypeIds }: ClaimStatementParams,
): RawBuilder<unknown> {
  return sql`
    oldest as materialized (
      select of_priority.id
      from (select distinct priority from ranges order by priority) level
      cross join lateral (
        select due.id
        from marketplaces m
        cross join lateral (
          select j.id, j.run_at
          from ${names.marketplaceJobs} j
          where j.marketplace = m.marketplace and j.priority = level.priority and ${isDue(actionTypeIds)}
          order by j.run_at, j.id
          limit ${limit}
        ) due
        order by due.run_at, due.id
        limit ${limit}
      ) of_priority
      limit ${limit}
    ),
    oldest_locked as materialized (
      select j.id, j.status
      from ${names.marketplaceJobs} j
      where j.id = any (array(select id from oldest)) and ${isDue(undefined)}
      order by j.id
      for no key update skip locked
    )`;
}

function isDue(actionTypeIds: readonly number[] | undefined): RawBuilder<unknown> {
  const ofAction = actionTypeIds === undefined ? sql`` : sql` and j.action_type_id in (${sql.join(actionTypeIds)})`;
  return sql`j.status = 'pending' and j.run_at <= statement_timestamp()
    and (j.expires_at is null or j.expires_at > statement_timestamp())${ofAction}`;
}
