import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { BATCH_COLUMN_PREFIX, batchJobColumns } from "./batch-job-row.js";
import { batchProgress } from "./batch-progress.js";
import { columnList } from "./column-list.js";
import type { JobChanges } from "./job-changes.js";
import { jobAssignments } from "./job-changes.js";
import type { JobMoveRow, MovedStatusRow } from "./job-move-row.js";
import { movedStatusColumns } from "./job-move-row.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { manyJobsColumnList, marketplaceJobColumns } from "./marketplace-job-row.js";
import { statsCount } from "./stats-count.js";
import type { TenantDatabase } from "./tenant-database.js";

export interface JobMoveParams {
  /** Steps that `locked` builds on, separated and ended by commas. */
  readonly preceding?: RawBuilder<unknown>;
  /** Selects the jobs and locks them, in the order of their ids: every statement locks jobs so, then batches, then stats. */
  readonly locked: RawBuilder<unknown>;
  /**
   * Looks at the locked jobs, whose newest versions these are, and gives a row for each job asked for: `id`,
   * `found_status`, `rejection`, and what the changes need.
   */
  readonly decided: RawBuilder<unknown>;
  readonly changes: JobChanges;
}

/** What a move answers of each job: all of it as it became, or the least. */
export interface MovedRows {
  readonly job: MarketplaceJobRow;
  readonly status: MovedStatusRow;
}

/** What batches and stats count by. */
const countedColumns = [...movedStatusColumns, "action_type_id", "marketplace", "started_at", "completed_at"];

/**
 * The one statement by which jobs end: lock the jobs → decide → update → let their batches follow → count. Steps that
 * lock or write hang on the step before by their data, since SQL does not promise to run them in the order written.
 *
 * Moved jobs, rejections and finished batches come as rows of their own, which no row of the others meets: joining them
 * by their ids would cost the planner a guess at how many there are, and a wrong one the product of all of them. Rows of
 * one shape in a `union all` would name each column three times over, and the server reads them each time.
 */
export function jobMove(tenant: TenantDatabase, params: JobMoveParams): RawBuilder<JobMoveRow>;
export function jobMove<Answer extends keyof MovedRows>(
  tenant: TenantDatabase,
  params: JobMoveParams,
  answer: Answer,
): RawBuilder<JobMoveRow<MovedRows[Answer]>>;
export function jobMove(
  tenant: TenantDatabase,
  { preceding = sql``, locked, decided, changes }: JobMoveParams,
  answer: keyof MovedRows = "job",
): RawBuilder<unknown> {
  const isWhole = answer === "job";
  return sql`
    with ${preceding}
    locked as materialized (${locked}),
    decided as materialized (${decided}),
    moved as (
      update ${tenant.names.marketplaceJobs} j set ${jobAssignments(changes)}
      from decided d
      where j.id = d.id and d.rejection is null
      returning ${columnList("j", isWhole ? marketplaceJobColumns : countedColumns)}
    ), ${batchProgress(tenant, "many")}, ${statsCount(tenant, "many")}
    select r.id as rejected_id, r.found_status, r.rejection, ${isWhole ? manyJobsColumnList("m") : columnList("m", movedStatusColumns)},
      ${columnList("b", batchJobColumns, BATCH_COLUMN_PREFIX)}
    from moved m
    full join (select id, found_status, rejection from decided where rejection is not null) r on false
    full join (select ${columnList("b", batchJobColumns)} from batch_moved b where b.finished) b on false`;
}
