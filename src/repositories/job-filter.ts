import type { Expression, ExpressionBuilder, RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import * as z from "zod";
import { batchIdSchema } from "../entities/batch-id.js";
import type { JobStatus } from "../entities/job-status.js";
import { jobStatuses } from "../entities/job-status.js";
import type { Marketplace } from "../entities/marketplace.js";
import { marketplaceSchema } from "../entities/marketplace.js";
import { rowIdSchema } from "../entities/job-reference.js";
import { momentSchema } from "../entities/moment.js";
import { productIdSchema } from "../entities/new-marketplace-job.js";
import type { TenantTables } from "../entities/tenant-tables.js";
import { arrayText } from "./array-text.js";
import type { StatementValues } from "./statement-value.js";

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
  createdAfter: momentSchema.optional(),
  createdBefore: momentSchema.optional(),
});

type ParsedJobFilter = z.output<typeof jobFilterSchema>;

const filterKeys = Object.keys(jobFilterSchema.shape) as (keyof ParsedJobFilter)[];

/** The values of a filter as they are sent. */
export interface JobFilterValues {
  readonly marketplace: string | undefined;
  readonly status: string | undefined;
  readonly batchId: string | undefined;
  readonly productId: string | undefined;
  readonly actionTypeId: number | undefined;
  readonly createdAfter: Date | undefined;
  readonly createdBefore: Date | undefined;
}

export function filterValues(filter: ParsedJobFilter): JobFilterValues {
  return {
    marketplace: filter.marketplace,
    status: filter.status && arrayText(filter.status),
    batchId: filter.batchId,
    productId: filter.productId === undefined ? undefined : String(filter.productId),
    actionTypeId: filter.actionTypeId,
    createdAfter: filter.createdAfter,
    createdBefore: filter.createdBefore,
  };
}

/** What the text of a filter depends on: the keys that it has. */
export function filterForm(filter: ParsedJobFilter): string {
  return filterKeys.filter((key) => filter[key] !== undefined).join(",");
}

/** The filter as a condition on `marketplace_jobs`. */
export function matchesFilter(
  filter: ParsedJobFilter,
  values: StatementValues<JobFilterValues>,
): (eb: ExpressionBuilder<TenantTables, "marketplace_jobs">) => Expression<SqlBool> {
  return (eb) => {
    const batch = eb.selectFrom("batch_jobs").select("batch_jobs.id").where("batch_id", "=", given(values.batchId));
    const conditions: Record<keyof ParsedJobFilter, Expression<SqlBool>> = {
      marketplace: eb("marketplace", "=", given(values.marketplace)),
      status: eb("status", "=", sql<JobStatus>`any (${values.status}::text[])`),
      batchId: eb("batch_job_id", "=", batch),
      productId: eb("product_id", "=", given(values.productId)),
      actionTypeId: eb("action_type_id", "=", given(values.actionTypeId)),
      createdAfter: eb("created_at", ">=", given(values.createdAfter)),
      createdBefore: eb("created_at", "<", given(values.createdBefore)),
    };
    return eb.and(filterKeys.filter((key) => filter[key] !== undefined).map((key) => conditions[key]));
  };
}

/** A condition is used only where its value is there. */
function given<Value>(value: RawBuilder<Value | undefined>): RawBuilder<Value> {
  return value as RawBuilder<Value>;
}
