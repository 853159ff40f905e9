import * as z from "zod";
import type { BatchJob } from "../entities/batch-job.js";
import { type BatchJobStatus, batchJobStatuses } from "../entities/batch-job-status.js";
import { marketplaceSchema } from "../entities/marketplace.js";
import { type BatchSummaryResponse, batchSummaryResponse, toBatchSummaryResponse } from "./batch-summary.js";
import { integerInUrl } from "./integer-in-url.js";

/** As many batches as a page shows when a client names no limit. */
export const DEFAULT_BATCH_LIST_LIMIT = 50;

/** The query of the batch list. */
export const batchListQuery = z.strictObject({
  marketplace: marketplaceSchema.optional(),
  status_filter: z.enum(batchJobStatuses).optional(),
  limit: integerInUrl(1, 100).default(DEFAULT_BATCH_LIST_LIMIT),
});

export type BatchListQuery = z.output<typeof batchListQuery>;

/** Which batches a batch list shows, as `listBatches` takes it. */
export interface BatchListFilter {
  readonly marketplace?: string | undefined;
  readonly status?: BatchJobStatus | undefined;
  readonly limit: number;
}

/** The filter for `listBatches` that a query asks for. */
export function toBatchListFilter({ marketplace, status_filter: status, limit }: BatchListQuery): BatchListFilter {
  return { marketplace, status, limit };
}

/** Batches, newest first. */
export const batchListResponse = z.strictObject({ batches: z.array(batchSummaryResponse) });

export interface BatchListResponse extends z.output<typeof batchListResponse> {
  batches: BatchSummaryResponse[];
}

/** Batches as the list answers them, in the order given. */
export function toBatchListResponse(batches: readonly BatchJob[]): BatchListResponse {
  return { batches: batches.map(toBatchSummaryResponse) };
}
