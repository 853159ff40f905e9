import type { SqlBool } from "kysely";
import { sql } from "kysely";
import * as z from "zod";
import type { BatchJobStatus } from "../entities/batch-job-status.js";
import { batchJobStatuses } from "../entities/batch-job-status.js";
import { rowIdSchema } from "../entities/job-reference.js";
import type { Marketplace } from "../entities/marketplace.js";
import { marketplaceSchema } from "../entities/marketplace.js";
import { momentSchema } from "../entities/moment.js";
import { actionCodeSchema } from "../entities/new-marketplace-job.js";
import type { BatchJobRow } from "./batch-job-row.js";
import { batchJobColumns } from "./batch-job-row.js";
import { offsetSchema, pageLimitSchema } from "./page-limit.js";
import type { TenantDatabase } from "./tenant-database.js";

export interface ListBatchesFilter {
  readonly marketplace?: Marketplace | undefined;
  /** One status, or any of several. */
  readonly status?: BatchJobStatus | readonly BatchJobStatus[] | undefined;
  readonly actionCode?: string | undefined;
  readonly createdByUserId?: number | undefined;
  /** Created at this time or later. */
  readonly createdAfter?: Date | undefined;
  /** Created before this time. */
  readonly createdBefore?: Date | undefined;
  /** The integer id of the last batch of the page before: constant cost however deep. */
  readonly after?: number | undefined;
  /** 50 when left out, 1,000 at most. */
  readonly limit?: number | undefined;
  /** How many batches to pass over. Not together with `after`. */
  readonly offset?: number | undefined;
}

export const listBatchesFilterSchema = z
  .strictObject({
    marketplace: marketplaceSchema.optional(),
    status: z
      .union([z.enum(batchJobStatuses), z.array(z.enum(batchJobStatuses)).min(1).max(batchJobStatuses.length)])
      .transform((status): readonly BatchJobStatus[] => (typeof status === "string" ? [status] : status))
      .optional(),
    actionCode: actionCodeSchema.optional(),
    createdByUserId: rowIdSchema.optional(),
    createdAfter: momentSchema.optional(),
    createdBefore: momentSchema.optional(),
    after: rowIdSchema.optional(),
    limit: pageLimitSchema,
    offset: offsetSchema,
  })
  .refine(({ after, offset }) => after === undefined || offset === 0, {
    path: ["offset"],
    error: "cannot be combined with after",
  });

/** Batches newest first, by `batch_jobs_created_at_idx`; what the filter names is checked on the way. */
export async function listBatchRows(
  { db }: TenantDatabase,
  filter: z.output<typeof listBatchesFilterSchema>,
): Promise<BatchJobRow[]> {
  let batches = db.selectFrom("batch_jobs").select(batchJobColumns);
  if (filter.marketplace !== undefined) batches = batches.where("marketplace", "=", filter.marketplace);
  if (filter.status !== undefined) batches = batches.where("status", "in", filter.status);
  if (filter.actionCode !== undefined) batches = batches.where("action_code", "=", filter.actionCode);
  if (filter.createdByUserId !== undefined) batches = batches.where("created_by_user_id", "=", filter.createdByUserId);
  if (filter.createdAfter !== undefined) batches = batches.where("created_at", ">=", filter.createdAfter);
  if (filter.createdBefore !== undefined) batches = batches.where("created_at", "<", filter.createdBefore);
  if (filter.after !== undefined) {
    const cursor = db.selectFrom("batch_jobs").select(["created_at", "id"]).where("id", "=", filter.after);
    batches = batches.where(sql<SqlBool>`(created_at, id) < (${cursor})`);
  }
  return batches
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(filter.limit)
    .offset(filter.offset)
    .execute();
}
