import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { JobMoveRow } from "./job-move-row.js";
import { jobMove } from "./job-move.js";
import { isOpen } from "./indexed-jobs.js";
import type { TenantDatabase } from "./tenant-database.js";

export interface ExpireStatementParams {
  readonly marketplace?: string | undefined;
  readonly limit: number;
}

/**
 * Expires waiting jobs whose time is over. They are found first, in whatever order the index gives them, and locked by
 * id afterwards; one that is being claimed or resumed meanwhile is left to those who hold it.
 */
export function expireStatement(
  tenant: TenantDatabase,
  { marketplace, limit }: ExpireStatementParams,
): RawBuilder<JobMoveRow> {
  const { marketplaceJobs } = tenant.names;
  const isOverdue = sql`j.status in ('pending', 'paused') and j.expires_at <= statement_timestamp()`;
  const ofMarketplace = marketplace === undefined ? sql`` : sql` and j.marketplace = ${marketplace}`;
  return jobMove(tenant, {
    preceding: sql`overdue as materialized (
      select j.id from ${marketplaceJobs} j where ${isOpen} and ${isOverdue}${ofMarketplace} limit ${limit}
    ),`,
    locked: sql`
      select j.id, j.status
      from ${marketplaceJobs} j
      where j.id = any (array(select id from overdue)) and ${isOverdue}
      order by j.id
      for no key update skip locked`,
    decided: sql`select l.id, l.status as found_status, null as rejection from locked l`,
    changes: { status: sql`'expired'`, completed_at: sql`statement_timestamp()` },
  });
}
