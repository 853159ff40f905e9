import * as z from "zod";
import type { BatchJob } from "../entities/batch-job.js";
import { jobStatuses } from "../entities/job-status.js";
import { integerInUrl } from "./integer-in-url.js";
import { type JobResponse, jobResponse } from "./job-response.js";

/**
 * The query of a batch's jobs. Without `limit` all of them are answered; with it, the next page is asked for by the
 * id of the last job in `after`.
 */
export const batchJobsQuery = z.strictObject({
  status_filter: z.enum(jobStatuses).optional(),
  limit: integerInUrl(1, 1_000).optional(),
  after: integerInUrl(1, 2_147_483_647).optional(),
});

export type BatchJobsQuery = z.output<typeof batchJobsQuery>;

/** The jobs of one batch, oldest first. `total_count` is the batch's own, whatever the page or the status asked for. */
export const batchJobsResponse = z.strictObject({
  batch_id: z.string(),
  total_count: z.int(),
  jobs: z.array(jobResponse),
});

export interface BatchJobsResponse extends z.output<typeof batchJobsResponse> {
  jobs: JobResponse[];
}

export function toBatchJobsResponse(
  batch: Pick<BatchJob, "batchId" | "totalCount">,
  jobs: readonly JobResponse[],
): BatchJobsResponse {
  return { batch_id: batch.batchId, total_count: batch.totalCount, jobs: [...jobs] };
}
