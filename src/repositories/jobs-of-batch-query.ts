import { sql } from "kysely";
import type { JobStatus } from "../entities/job-status.js";
import { arrayText } from "./array-text.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { manyJobsColumnList } from "./marketplace-job-row.js";
import type { TenantDatabase } from "./tenant-database.js";
import type { TenantStatement } from "./tenant-statement.js";
import { tenantStatement } from "./tenant-statement.js";

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
  tenant: TenantDatabase,
  batchId: string,
  { status, limit, after }: JobsOfBatchPage,
): TenantStatement<MarketplaceJobRow> {
  const [isOfStatus, isAfter, isLimited] = [status !== undefined, after !== undefined, limit !== undefined];
  return tenantStatement(tenant, {
    form: `jobs of batch ${isOfStatus} ${isAfter} ${isLimited}`,
    values: { batchId, status: status && arrayText(status), limit, after },
    write({ names }, values) {
      const ofStatus = isOfStatus ? sql` and j.status = any (${values.status}::text[])` : sql``;
      const afterCursor = isAfter
        ? sql` and (j.created_at, j.id) > (select c.created_at, c.id from ${names.marketplaceJobs} c where c.id = ${values.after})`
        : sql``;
      const limited = isLimited ? sql` limit ${values.limit}` : sql``;
      return sql<MarketplaceJobRow>`
        select ${manyJobsColumnList("j")}
        from ${names.marketplaceJobs} j
        where j.batch_job_id = (select b.id from ${names.batchJobs} b where b.batch_id = ${values.batchId})${ofStatus}${afterCursor}
        order by j.created_at, j.id${limited}`;
    },
  });
}
