import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { JobStatus } from "../entities/job-status.js";
import { columnList } from "./column-list.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { marketplaceJobColumns } from "./marketplace-job-row.js";
import type { TenantDatabase } from "./tenant-database.js";

interface JobsOfBatchPage {
  readonly status?: readonly JobStatus[] | undefined;
  readonly limit?: number | undefined;
  readonly after?: number | undefined;
}

/**
 * The jobs of a batch in the order of `marketplace_jobs_batch_job_id_idx`.
 *
 * Equality on the batch and one comparison of rows are what makes it one range of that index. A cursor's `created_at`
 * is looked up here rather than handed in, since a JavaScript `Date` has lost its microseconds.
 */
export function jobsOfBatchQuery(
  { names }: TenantDatabase,
  batchId: string,
  { status, limit, after }: JobsOfBatchPage,
): RawBuilder<MarketplaceJobRow> {
  const ofStatus = status === undefined ? sql`` : sql` and j.status in (${sql.join(status)})`;
  const afterCursor =
    after === undefined
      ? sql``
      : sql` and (j.created_at, j.id) > (select c.created_at, c.id from ${names.marketplaceJobs} c where c.id = ${after})`;
  const limited = limit === undefined ? sql`` : sql` limit ${limit}`;
  return sql<MarketplaceJobRow>`
    select ${columnList("j", marketplaceJobColumns)}
    from ${names.marketplaceJobs} j
    where j.batch_job_id = (select b.id from ${names.batchJobs} b where b.batch_id = ${batchId})${ofStatus}${afterCursor}
    order by j.created_at, j.id${limited}`;
}
