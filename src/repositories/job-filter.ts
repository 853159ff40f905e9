import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import * as z from "zod";
import { batchIdSchema } from "../entities/batch-id.js";
import type { JobStatus } from "../entities/job-status.js";
import { jobStatuses } from "../entities/job-status.js";
import type { Marketplace } from "../entities/marketplace.js";
import { marketplaceSchema } from "../entities/marketplace.js";
import { rowIdSchema } from "../entities/job-reference.js";
import { productIdSchema } from "../entities/new-marketplace-job.js";
import type { TenantTables } from "../entities/tenant-tables.js";

/** Which jobs are meant; every key narrows them further. */
export interface JobFilter {
  readonly marketplace?: Marketplace | undefined;
  /** One status, or any of several. */
  readonly status?: JobStatus | readonly JobStatus[] | undefined;
  readonly batchId?: string | undefined;
  readonly productId?: number | undefined;
  readonly actionTypeId?: number | undefined;
  /** Created at this time or later. */
  readonly createdAfter?: Date | undefined;
  /** Created before this time. */
  readonly createdBefore?: Date | undefined;
}

/** One status or several, read as a list. */
export const statusFilterSchema = z
  .union([z.enum(jobStatuses), z.array(z.enum(jobStatuses)).min(1).max(jobStatuses.length)])
  .transform((status): readonly JobStatus[] => (typeof status === "string" ? [status] : status));

export const jobFilterSchema = z.strictObject({
  marketplace: marketplaceSchema.optional(),
  status: statusFilterSchema.optional(),
  batchId: batchIdSchema.optional(),
  productId: productIdSchema.optional(),
  actionTypeId: rowIdSchema.optional(),
  createdAfter: z.date().optional(),
  createdBefore: z.date().optional(),
});

type ParsedJobFilter = z.output<typeof jobFilterSchema>;

/** The filter as a condition on `marketplace_jobs`. */
export function matchesFilter(
  filter: ParsedJobFilter,
): (eb: ExpressionBuilder<TenantTables, "marketplace_jobs">) => Expression<SqlBool> {
  return (eb) => {
    const conditions: Expression<SqlBool>[] = [];
    if (filter.marketplace !== undefined) conditions.push(eb("marketplace", "=", filter.marketplace));
    if (filter.status !== undefined) conditions.push(eb("status", "in", filter.status));
    if (filter.batchId !== undefined) {
      const batch = eb.selectFrom("batch_jobs").select("batch_jobs.id").where("batch_id", "=", filter.batchId);
      conditions.push(eb("batch_job_id", "=", batch));
    }
    if (filter.productId !== undefined) conditions.push(eb("product_id", "=", String(filter.productId)));
    if (filter.actionTypeId !== undefined) conditions.push(eb("action_type_id", "=", filter.actionTypeId));
    if (filter.createdAfter !== undefined) conditions.push(eb("created_at", ">=", filter.createdAfter));
    if (filter.createdBefore !== undefined) conditions.push(eb("created_at", "<", filter.createdBefore));
    return eb.and(conditions);
  };
}
