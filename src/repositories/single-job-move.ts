import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { JobChanges, JobMoveParams, JobMoveRow } from "./job-move.js";
import { jobMove } from "./job-move.js";
import type { TenantDatabase } from "./tenant-database.js";

export interface SingleJobMoveParams {
  /** Whether the locked job `l` may move. */
  readonly isAllowed: RawBuilder<unknown>;
  readonly changes: JobChanges;
  readonly consequence: JobMoveParams["consequence"];
}

/** Moves one job by its id; an unknown id gives no row. */
export function singleJobMove(
  tenant: TenantDatabase,
  jobId: number,
  { isAllowed, changes, consequence }: SingleJobMoveParams,
): RawBuilder<JobMoveRow> {
  return jobMove(tenant, {
    locked: sql`
      select j.id, j.status, j.expires_at
      from ${tenant.names.marketplaceJobs} j
      where j.id = ${jobId}
      for no key update`,
    decided: sql`
      select l.id, l.status as found_status,
        case when not ${isAllowed} then 'ILLEGAL_JOB_TRANSITION' end as rejection
      from locked l`,
    changes,
    consequence,
  });
}
