import type { SelectQueryBuilder } from "kysely";
import type * as z from "zod";
import type { BatchJob } from "../entities/batch-job.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { listJobsForm, type listJobsFilterSchema, listJobsQuery, listJobsValues } from "./list-jobs-query.js";
import { marketplaceJobColumns, type MarketplaceJobRow, toMarketplaceJob } from "./marketplace-job-row.js";
import type { TenantDatabase } from "./tenant-database.js";
import { tenantStatement } from "./tenant-statement.js";

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
  const { rows } = await tenantStatement(tenant, {
    form: `list jobs with batches ${listJobsForm(filter)}`,
    values: listJobsValues(filter),
    write: (anyTenant, values) => pageWithBatches(anyTenant, listJobsQuery(anyTenant, filter, values)),
  }).execute(tenant.db);
  return rows.map(({ batch_id: batchId, ...row }) => ({
    job: toMarketplaceJob(row),
    batch: row.batch_job_id === null || batchId === null ? null : { id: row.batch_job_id, batchId },
  }));
}

function pageWithBatches(
  { db }: TenantDatabase,
  page: SelectQueryBuilder<any, any, MarketplaceJobRow>,
): SelectQueryBuilder<any, any, JobWithBatchRow> {
  return db
    .selectFrom(page.as("page"))
    .leftJoin("batch_jobs", "batch_jobs.id", "page.batch_job_id")
    .select(marketplaceJobColumns.map((column) => `page.${column}` as const))
    .select("batch_jobs.batch_id")
    .orderBy("page.priority")
    .orderBy("page.created_at", "desc")
    .orderBy("page.id", "desc");
}
