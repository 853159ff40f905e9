import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { CANCEL_ACKNOWLEDGE_MS, UNLEASED_JOB_LOST_MS } from "../entities/job-timing.js";
import { duration } from "./duration.js";
import { hasRetryLeft, jobEndChanges, retryBackoff } from "./job-end-changes.js";
import type { JobMoveRow } from "./job-move-row.js";
import { jobMove } from "./job-move.js";
import { isOpen } from "./indexed-jobs.js";
import type { TenantDatabase } from "./tenant-database.js";

/** What a job's `errorMessage` says when its worker never came back. */
export const LOST_JOB_MESSAGE = "The worker was lost: it neither settled the job nor extended its lease.";

/**
 * Takes running jobs from workers that are gone, and cancels those whose worker did not answer. Jobs of the legacy
 * system carry neither a lease nor the time of a cancel request; their start stands in for both.
 */
export function rescueStatement(tenant: TenantDatabase, limit: number): RawBuilder<JobMoveRow> {
  const { marketplaceJobs } = tenant.names;
  const startedAt = sql`coalesce(j.started_at, j.created_at)`;
  const isLost = sql`j.status = 'running' and (
    coalesce(j.lease_expires_at, ${startedAt} + ${duration(UNLEASED_JOB_LOST_MS)}) <= statement_timestamp()
    or (j.cancel_requested
      and coalesce(j.cancel_requested_at, ${startedAt}) + ${duration(CANCEL_ACKNOWLEDGE_MS)} <= statement_timestamp())
  )`;
  return jobMove(tenant, {
    preceding: sql`lost as materialized (
      select j.id from ${marketplaceJobs} j where ${isOpen} and ${isLost}
    ),`,
    locked: sql`
      select j.id, j.status, j.retry_count, j.max_retries, j.cancel_requested
      from ${marketplaceJobs} j
      where j.id = any (array(select id from lost order by id limit ${limit})) and ${isLost}
      order by j.id
      for no key update skip locked`,
    decided: sql`
      select l.id, l.status as found_status, null as rejection,
        case when l.cancel_requested then 'cancelled' when ${hasRetryLeft} then 'pending' else 'failed' end as next_status,
        ${retryBackoff} as retry_delay
      from locked l`,
    changes: {
      ...jobEndChanges,
      error_message: sql`case when d.next_status = 'cancelled' then j.error_message else ${LOST_JOB_MESSAGE} end`,
    },
  });
}
