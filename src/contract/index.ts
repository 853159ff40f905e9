export {
  type BatchListQuery,
  type BatchListResponse,
  batchListQuery,
  batchListResponse,
  type BatchListFilter,
  DEFAULT_BATCH_LIST_LIMIT,
  toBatchListFilter,
  toBatchListResponse,
} from "./batch-list.js";
export {
  type BatchJobsQuery,
  type BatchJobsResponse,
  batchJobsQuery,
  batchJobsResponse,
  toBatchJobsResponse,
} from "./batch-jobs.js";
export { type BatchProgressResponse, batchProgressResponse, toBatchProgressResponse } from "./batch-progress.js";
export {
  type BatchIdParam,
  type BatchSummaryResponse,
  batchIdParam,
  batchSummaryResponse,
  toBatchSummaryResponse,
} from "./batch-summary.js";
export {
  type CancelBody,
  type CancelResponse,
  cancelBody,
  cancelResponse,
  toCancelBatchResponse,
  toCancelJobResponse,
} from "./cancel.js";
export {
  type CreateBatchBody,
  type CreatedBatchJobsResponse,
  type CreateMarketplaceBatchBody,
  createBatchBody,
  createdBatchJobsResponse,
  createMarketplaceBatchBody,
  toCreatedBatchJobsResponse,
  toNewBatchJob,
} from "./create-batch.js";
export { type ErrorBody, type ErrorResponse, errorBody, notFoundResponse, toErrorResponse } from "./error-response.js";
export {
  DEFAULT_JOB_LIST_LIMIT,
  type JobIdParam,
  type JobListFilter,
  type JobListQuery,
  type JobListResponse,
  jobIdParam,
  jobListQuery,
  jobListResponse,
  toJobListFilter,
  toJobListResponse,
  type ToJobListResponseParams,
} from "./job-list.js";
export {
  type JobResponse,
  type JobWithBatchIdResponse,
  jobResponse,
  jobWithBatchIdResponse,
  toJobResponse,
  type ToJobResponseOptions,
} from "./job-response.js";
// What the mappers take, for a module that imports nothing else of this package.
export { type ActionType, actionTypeSchema } from "../entities/action-type.js";
export { type BatchJob, batchJobSchema } from "../entities/batch-job.js";
export { type BatchJobStatus, batchJobStatuses } from "../entities/batch-job-status.js";
export { type JobStatus, type JobStatusCounts, jobStatuses } from "../entities/job-status.js";
export type { JsonValue } from "../entities/json-value.js";
export { type MarketplaceJob, marketplaceJobSchema } from "../entities/marketplace-job.js";
export { type NewBatchJob, newBatchJobSchema } from "../entities/new-batch-job.js";
