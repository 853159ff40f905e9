import * as z from "zod";
import type { BatchJob } from "../entities/batch-job.js";
import { type NewBatchJob, newBatchJobSchema } from "../entities/new-batch-job.js";
import { type JobWithBatchIdResponse, jobWithBatchIdResponse } from "./job-response.js";

const { marketplace, actionCode, productIds, priority, batchId, inputData } = newBatchJobSchema.shape;

/** The body that creates a batch on a marketplace which the path names. */
export const createMarketplaceBatchBody = z.strictObject({
  action_code: actionCode,
  product_ids: productIds,
  priority,
  /** A client that sends its own id can send the request again without creating the batch twice. */
  batch_id: batchId,
  input_data: inputData,
});

export type CreateMarketplaceBatchBody = z.output<typeof createMarketplaceBatchBody>;

/** The body that creates a batch on any marketplace. */
export const createBatchBody = z.strictObject({ marketplace, ...createMarketplaceBatchBody.shape });

export type CreateBatchBody = z.output<typeof createBatchBody>;

/** What `createBatch` takes, from the body and what only the host knows: the marketplace of the path, the user. */
export function toNewBatchJob(
  body: CreateMarketplaceBatchBody,
  known: { readonly marketplace: string; readonly createdByUserId?: number | undefined },
): NewBatchJob {
  return {
    marketplace: known.marketplace,
    actionCode: body.action_code,
    productIds: body.product_ids,
    priority: body.priority,
    batchId: body.batch_id,
    inputData: body.input_data,
    createdByUserId: known.createdByUserId,
  };
}

/**
 * The answer to creating a batch through a marketplace's jobs: here each job carries the batch's `batch_id`, as clients
 * have always read it. `jobs_created` is 0 when the batch existed.
 */
export const createdBatchJobsResponse = z.strictObject({
  batch_id: z.string(),
  jobs_created: z.int().min(0),
  jobs: z.array(jobWithBatchIdResponse),
});

export interface CreatedBatchJobsResponse extends z.output<typeof createdBatchJobsResponse> {
  jobs: JobWithBatchIdResponse[];
}

/** The answer, from what `createBatch` gives and the jobs of the batch. */
export function toCreatedBatchJobsResponse(
  { batch, created }: { readonly batch: Pick<BatchJob, "batchId" | "totalCount">; readonly created: boolean },
  jobs: readonly JobWithBatchIdResponse[],
): CreatedBatchJobsResponse {
  return { batch_id: batch.batchId, jobs_created: created ? batch.totalCount : 0, jobs: [...jobs] };
}
