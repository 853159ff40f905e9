import type * as z from "zod";
import type { BatchJob } from "../entities/batch-job.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { type listJobsFilterSchema, listJobsQuery } from "./list-jobs-query.js";
import { marketplaceJobColumns, type MarketplaceJobRow, toMarketplaceJob } from "./marketplace-job-row.js";
import type { TenantDatabase } from "./tenant-database.js";

/** A job beside the ids of its batch: the number that it points to, and the string that clients know. */
export interface JobWithBatch {
  readonly job: MarketplaceJob;
  /** `null` for a job of its own. */
  readonly batch: Pick<BatchJob, "id" | "batchId"> | null;
}

interface JobWithBatchRow extends MarketplaceJobRow {
  readonly batch_id: string | null;
}

/** The page is found first and joined then, so that the join costs one look-up for each job that is shown. */
export async function listJobsWithBatches(
  tenant: TenantDatabase,
  filter: z.output<typeof listJobsFilterSchema>,
): Promise<JobWithBatch[]> {
  const rows: readonly JobWithBatchRow[] = await tenant.db
    .selectFrom(listJobsQuery(tenant, filter).as("page"))
    .leftJoin("batch_jobs", "batch_jobs.id", "page.batch_job_id")
    .select(marketplaceJobColumns.map((column) => `page.${column}` as const))
    .select("batch_jobs.batch_id")
    .orderBy("page.priority")
    .orderBy("page.created_at", "desc")
    .orderBy("page.id", "desc")
    .execute();
  return rows.map(({ batch_id: batchId, ...row }) => ({
    job: toMarketplaceJob(row),
    batch: row.batch_job_id === null || batchId === null ? null : { id: row.batch_job_id, batchId },
  }));
}
