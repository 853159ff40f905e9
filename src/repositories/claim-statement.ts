import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { arrayText } from "./array-text.js";
import { batchStart } from "./batch-start.js";
import { columnList } from "./column-list.js";
import { dueJobsInRange, isStillDue, PRIORITY_RANGES } from "./due-jobs.js";
import { jobAssignments } from "./job-changes.js";
import { jobStartChanges } from "./job-transition-moves.js";
import { jsonList } from "./json-list.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { manyJobsColumnList, marketplaceJobColumns } from "./marketplace-job-row.js";
import type { StatementValues } from "./statement-value.js";
import type { TenantDatabase } from "./tenant-database.js";
import type { TenantStatement } from "./tenant-statement.js";
import { tenantStatement } from "./tenant-statement.js";

export interface ClaimStatementParams {
  readonly marketplaces: readonly string[];
  readonly limit: number;
  readonly actionTypeIds?: readonly number[] | undefined;
  readonly leaseMs: number;
}

interface ClaimValues {
  readonly limit: number;
  /** The one marketplace, or a JSON array of them. */
  readonly marketplace: string;
  readonly actionTypeIds: string | undefined;
  readonly leaseMs: number;
}

/** What the text of a claim depends on. */
interface ClaimForm {
  readonly isOneQueue: boolean;
  readonly mostJobs: number;
  readonly isOfActionTypes: boolean;
}

/**
 * Starts the most urgent due jobs that no other worker is about to start: by priority, then `run_at`, then id. The
 * rows come in whatever order the server found them.
 *
 * What the limit is at the most, the next power of two, is part of the text: a plan that is kept for any limit expects
 * a tenth of the queue, and a text for each limit would be one more to prepare for each. The limit itself is hidden from
 * the planner behind a subquery: a plan for a limit that it knows always looks cheaper than one for any, so that a
 * prepared claim would be planned anew each time.
 */
export function claimStatement(
  tenant: TenantDatabase,
  { marketplaces, limit, actionTypeIds, leaseMs }: ClaimStatementParams,
): TenantStatement<MarketplaceJobRow> {
  const isOneQueue = marketplaces.length === 1;
  const form = { isOneQueue, mostJobs: nextPowerOfTwo(limit), isOfActionTypes: actionTypeIds !== undefined };
  return tenantStatement(tenant, {
    form: `claim ${form.mostJobs} ${isOneQueue} ${form.isOfActionTypes}`,
    values: {
      limit,
      marketplace: isOneQueue ? marketplaces[0]! : JSON.stringify(marketplaces),
      actionTypeIds: actionTypeIds && arrayText(actionTypeIds),
      leaseMs,
    },
    write: (anyTenant, values) => claimText(anyTenant, form, values),
  });
}

function nextPowerOfTwo(limit: number): number {
  return 2 ** Math.ceil(Math.log2(limit));
}

function claimText(
  tenant: TenantDatabase,
  form: ClaimForm,
  values: StatementValues<ClaimValues>,
): RawBuilder<MarketplaceJobRow> {
  const isOneJob = form.mostJobs === 1;
  const taking = {
    limit: isOneJob ? sql.lit(1) : sql`(select ${values.limit}::integer)`,
    mostJobs: sql.lit(form.mostJobs),
    actionTypeIds: form.isOfActionTypes ? sql`${values.actionTypeIds}::integer[]` : undefined,
  };
  const locked = form.isOneQueue ? lockOneQueue : lockOldestOfQueues;
  // Named by their ids: the planner expects more locked jobs than a claim takes, and would read the table for them.
  const isLocked = isOneJob ? sql`j.id = (select id from locked)` : sql`j.id = any (array(select id from locked))`;
  return sql<MarketplaceJobRow>`
    with ${locked(tenant, values.marketplace, taking)}, ${batchStart(tenant, isOneJob ? "one" : "many", "locked")}
    update ${tenant.names.marketplaceJobs} j set ${jobAssignments(jobStartChanges(values.leaseMs))}
    where ${isLocked}
    returning ${isOneJob ? columnList("j", marketplaceJobColumns) : manyJobsColumnList("j")}`;
}

interface Taking {
  readonly limit: RawBuilder<unknown>;
  /** No less than the limit, and known to the planner. */
  readonly mostJobs: RawBuilder<unknown>;
  readonly actionTypeIds: RawBuilder<unknown> | undefined;
}

/**
 * Locks due jobs range by range, skipping those that others hold. No row is locked that is not taken: the ranges come
 * sorted, and the outer limit stops the loop over them as soon as it is reached.
 */
function lockOneQueue(
  tenant: TenantDatabase,
  marketplace: RawBuilder<unknown>,
  { limit, mostJobs, actionTypeIds }: Taking,
): RawBuilder<unknown> {
  return sql`
    locked as materialized (
      select due.id, due.batch_job_id
      from (select lowest, highest from ${PRIORITY_RANGES} order by lowest) range
      cross join lateral (${dueJobsInRange(tenant, { marketplace, limit: mostJobs, actionTypeIds, isLocking: true })}) due
      limit ${limit}
    )`;
}

/** So many more of the oldest jobs are looked at, in case that others hold some: a few dozen workers that claim at once. */
const SPARE_OLDEST = 50;

/**
 * Several marketplaces are one queue: the oldest jobs of all of them go first, found without locks, since a lock on
 * a job that then is not among the oldest would keep other workers from it. The first that nobody holds are locked, no
 * more than are taken. What others hold beyond that is made up for from the ranges, marketplace by marketplace.
 */
function lockOldestOfQueues(
  tenant: TenantDatabase,
  marketplaces: RawBuilder<any>,
  { limit, mostJobs, actionTypeIds }: Taking,
): RawBuilder<unknown> {
  const marketplace = sql`m.marketplace`;
  const looked = sql`(${mostJobs} + ${sql.lit(SPARE_OLDEST)})`;
  const rest = sql`(${limit} - (select count(*) from oldest_locked))`;
  return sql`
    marketplaces as materialized (select value as marketplace from ${jsonList(marketplaces)}),
    oldest as materialized (
      select of_range.id
      from (select lowest, highest from ${PRIORITY_RANGES} order by lowest) range
      cross join lateral (
        select due.id
        from marketplaces m
        cross join lateral (${dueJobsInRange(tenant, { marketplace, limit: looked, actionTypeIds, isLocking: false })}) due
        order by due.priority, due.run_at, due.id
        limit ${looked}
      ) of_range
      limit ${looked}
    ), oldest_locked as materialized (
      select j.id, j.batch_job_id
      from ${tenant.names.marketplaceJobs} j
      where j.id = any (array(select id from oldest)) and ${isStillDue}
      order by j.priority, j.run_at, j.id
      limit ${limit}
      for no key update skip locked
    ), locked as materialized (
      select id, batch_job_id from oldest_locked
      union all
      (
        select due.id, due.batch_job_id
        from (
          select lowest, highest, marketplace
          from ${PRIORITY_RANGES}
          cross join marketplaces
          order by lowest
        ) range
        cross join lateral (${dueJobsInRange(tenant, {
          marketplace: sql`range.marketplace`,
          limit: rest,
          actionTypeIds,
          isLocking: true,
          except: sql` and j.id not in (select id from oldest)`,
        })}) due
        limit ${rest}
      )
    )`;
}
