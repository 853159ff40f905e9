import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { JobStatus } from "../entities/job-status.js";
import type { JobTransition } from "../entities/job-transition.js";
import type { BatchColumns } from "./batch-job-row.js";
import { BATCH_COLUMN_PREFIX, batchJobColumns } from "./batch-job-row.js";
import { batchProgress } from "./batch-progress.js";
import { batchStart } from "./batch-start.js";
import { columnList } from "./column-list.js";
import type { JobChanges } from "./job-changes.js";
import { jobAssignments } from "./job-changes.js";
import type { JobRejection } from "./job-move-row.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { marketplaceJobColumns } from "./marketplace-job-row.js";
import type { StatementValues } from "./statement-value.js";
import { statsCount } from "./stats-count.js";
import type { TenantDatabase } from "./tenant-database.js";
import type { TenantStatement } from "./tenant-statement.js";
import { tenantStatement } from "./tenant-statement.js";

export interface SingleJobMove<Values extends object = object> {
  readonly transition: JobTransition;
  /** What the move means for the job's batch and the stats. */
  readonly consequence: "none" | "start" | "end";
  readonly values: Values;
  readonly write: (values: StatementValues<Values>) => {
    /** Why the locked job `l` is left as it is; `null` when it may move. */
    readonly rejection: RawBuilder<unknown>;
    /** Further columns of `d` that the changes need, each after a comma. */
    readonly decisions?: RawBuilder<unknown>;
    readonly changes: JobChanges;
  };
}

/** The one job that was asked for: as it became, or why it was left as it is. */
export type SingleJobMoveRow = (MarketplaceJobRow | { readonly [Column in keyof MarketplaceJobRow]: null }) &
  Partial<BatchColumns> & {
    readonly found_status: JobStatus;
    readonly rejection: Exclude<JobRejection, "UNKNOWN_JOB"> | null;
  };

/**
 * Moves one job by its id; an unknown id gives no row. In the order of every move, lock → decide → update → batch →
 * stats, but written for one job: there is nothing to sort or to add up, and joins of single rows need no guess. For one
 * job, reading and planning the statement is most of what it costs the server.
 */
export function singleJobMove<Values extends object>(
  tenant: TenantDatabase,
  jobId: number,
  { transition, consequence, values: moveValues, write }: SingleJobMove<Values>,
): TenantStatement<SingleJobMoveRow> {
  return tenantStatement(tenant, {
    form: transition,
    values: { ...moveValues, jobId },
    write(anyTenant, values) {
      const { rejection, decisions = sql``, changes } = write(values);
      const isEnd = consequence === "end";
      const finishedBatch = isEnd ? sql`, ${columnList("b", batchJobColumns, BATCH_COLUMN_PREFIX)}` : sql``;
      return sql<SingleJobMoveRow>`
        with decided as materialized (
          select l.id, l.status as found_status, ${rejection} as rejection${decisions}
          from (
            select j.id, j.status, j.attempt, j.expires_at, j.retry_count, j.max_retries, j.cancel_requested
            from ${anyTenant.names.marketplaceJobs} j
            where j.id = ${values.jobId}
            for no key update
          ) l
        ), moved as (
          update ${anyTenant.names.marketplaceJobs} j set ${jobAssignments(changes)}
          from decided d
          where j.id = d.id and d.rejection is null
          returning ${columnList("j", marketplaceJobColumns)}
        )${consequences(anyTenant, consequence)}
        select d.found_status, d.rejection, ${columnList("m", marketplaceJobColumns)}${finishedBatch}
        from decided d
        left join moved m on true
        ${isEnd ? sql`left join batch_moved b on b.finished` : sql``}`;
    },
  });
}

function consequences(tenant: TenantDatabase, consequence: SingleJobMove["consequence"]): RawBuilder<unknown> {
  switch (consequence) {
    case "none":
      return sql``;
    case "start":
      return sql`, ${batchStart(tenant, "one", "moved")}`;
    case "end":
      return sql`, ${batchProgress(tenant, "one")}, ${statsCount(tenant, "one")}`;
  }
}
