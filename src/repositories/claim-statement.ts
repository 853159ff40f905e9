import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { arrayText } from "./array-text.js";
import { batchStart } from "./batch-start.js";
import { columnList } from "./column-list.js";
import { dueJobsInRange, isDue, PRIORITY_RANGES } from "./due-jobs.js";
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
  /** The one marketplace, or a JSON array of them. */
  readonly marketplace: string;
  readonly actionTypeIds: string | undefined;
  readonly leaseMs: number;
}

/** What the text of a claim depends on. */
interface ClaimForm {
  readonly isOneQueue: boolean;
  readonly limit: number;
  readonly isOfActionTypes: boolean;
}

/**
 * Starts the most urgent due jobs that no other worker is about to start: by priority, then `run_at`, then id.
 *
 * The limit is part of the text: a plan that is kept for any limit expects a tenth of the queue.
 */
export function claimStatement(
  tenant: TenantDatabase,
  { marketplaces, limit, actionTypeIds, leaseMs }: ClaimStatementParams,
): TenantStatement<MarketplaceJobRow> {
  const isOneQueue = marketplaces.length === 1;
  const form = { isOneQueue, limit, isOfActionTypes: actionTypeIds !== undefined };
  return tenantStatement(tenant, {
    form: `claim ${limit} ${isOneQueue} ${form.isOfActionTypes}`,
    values: {
      marketplace: isOneQueue ? marketplaces[0]! : JSON.stringify(marketplaces),
      actionTypeIds: actionTypeIds && arrayText(actionTypeIds),
      leaseMs,
    },
    write: (anyTenant, values) => claimText(anyTenant, form, values),
  });
}

function claimText(
  tenant: TenantDatabase,
  form: ClaimForm,
  values: StatementValues<ClaimValues>,
): RawBuilder<MarketplaceJobRow> {
  const isOneJob = form.limit === 1;
  const actionTypeIds = form.isOfActionTypes ? sql`${values.actionTypeIds}::integer[]` : undefined;
  const locked = form.isOneQueue ? lockOneQueue : lockOldestOfQueues;
  // Named by their ids: the planner expects more locked jobs than a claim takes, and would read the table for them.
  return sql<MarketplaceJobRow>`
    with ${locked(tenant, values.marketplace, { limit: sql.lit(form.limit), actionTypeIds })}, moved as (
      update ${tenant.names.marketplaceJobs} j set ${jobAssignments(jobStartChanges(values.leaseMs))}
      where j.id = any (array(select id from locked))
      returning ${columnList("j", marketplaceJobColumns)}
    ), ${batchStart(tenant, isOneJob ? "one" : "many")}
    select ${isOneJob ? columnList("m", marketplaceJobColumns) : manyJobsColumnList("m")}
    from moved m${isOneJob ? sql`` : sql` order by m.priority, m.run_at, m.id`}`;
}

interface Taking {
  readonly limit: RawBuilder<unknown>;
  readonly actionTypeIds: RawBuilder<unknown> | undefined;
}

/**
 * Locks due jobs range by range, skipping those that others hold. No row is locked that is not taken: the ranges come
 * sorted, and the outer limit stops the loop over them as soon as it is reached.
 */
function lockOneQueue(
  tenant: TenantDatabase,
  marketplace: RawBuilder<unknown>,
  { limit, actionTypeIds }: Taking,
): RawBuilder<unknown> {
  return sql`
    locked as materialized (
      select due.id
      from (select lowest, highest from ${PRIORITY_RANGES} order by lowest) range
      cross join lateral (${dueJobsInRange(tenant, { marketplace, limit, actionTypeIds, isLocking: true })}) due
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
  { limit, actionTypeIds }: Taking,
): RawBuilder<unknown> {
  const marketplace = sql`m.marketplace`;
  const looked = sql`(${limit} + ${sql.lit(SPARE_OLDEST)})`;
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
      select j.id
      from ${tenant.names.marketplaceJobs} j
      where j.id = any (array(select id from oldest)) and ${isDue}
      order by j.priority, j.run_at, j.id
      limit ${limit}
      for no key update skip locked
    ), locked as materialized (
      select id from oldest_locked
      union all
      (
        select due.id
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
