import * as z from "zod";
import { batchIdSchema } from "../entities/batch-id.js";
import { type JobStatus, type JobStatusCounts, jobStatuses } from "../entities/job-status.js";
import { integerInUrl } from "./integer-in-url.js";
import { type JobResponse, jobResponse } from "./job-response.js";

/** Two or three screens of jobs: what the list has always answered when a client names no limit. */
export const DEFAULT_JOB_LIST_LIMIT = 50;

/** The number of a job in a path. */
export const jobIdParam = z.strictObject({ job_id: integerInUrl(1, 2_147_483_647) });

export type JobIdParam = z.output<typeof jobIdParam>;

/** The query of a marketplace's job list. */
export const jobListQuery = z.strictObject({
  status_filter: z.enum(jobStatuses).optional(),
  batch_id: batchIdSchema.optional(),
  limit: integerInUrl(1, 100).default(DEFAULT_JOB_LIST_LIMIT),
  offset: integerInUrl(0, Number.MAX_SAFE_INTEGER).default(0),
});

export type JobListQuery = z.output<typeof jobListQuery>;

/** Which jobs a job list shows, as `listJobs` takes it. */
export interface JobListFilter {
  readonly marketplace: string;
  readonly status?: JobStatus | undefined;
  readonly batchId?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** The filter for `listJobs` that the query of one marketplace's list asks for. */
export function toJobListFilter(marketplace: string, query: JobListQuery): JobListFilter {
  return {
    marketplace,
    status: query.status_filter,
    batchId: query.batch_id,
    limit: query.limit,
    offset: query.offset,
  };
}

/**
 * A page of jobs. `total` is how many jobs the whole filter matches, whatever the page; `pending`, `running`,
 * `completed` and `failed` are how many of each there are whichever status the list is filtered by.
 */
export const jobListResponse = z.strictObject({
  jobs: z.array(jobResponse),
  total: z.int().min(0),
  pending: z.int().min(0),
  running: z.int().min(0),
  completed: z.int().min(0),
  failed: z.int().min(0),
});

export interface JobListResponse extends z.output<typeof jobListResponse> {
  jobs: JobResponse[];
}

export interface ToJobListResponseParams {
  readonly jobs: readonly JobResponse[];
  /** What `countJobsByStatus` gives for the same marketplace and batch, without the status. */
  readonly counts: Readonly<JobStatusCounts>;
  /** The status that the list is filtered by. */
  readonly status?: JobStatus | undefined;
}

/**
 * A page of jobs with its counts.
 *
 * @example
 * ```ts
 * import { forTenant } from "marketplace-jobs";
 * import { type JobListResponse, jobListQuery, toJobListFilter, toJobListResponse, toJobResponse } from "marketplace-jobs/contract";
 *
 * export async function listJobs(query: unknown): Promise<JobListResponse> {
 *   const filter = toJobListFilter("vinted", jobListQuery.parse(query));
 *   const { jobs } = forTenant(db, "user_1");
 *   const page = await jobs.listJobs(filter);
 *   const counts = await jobs.countJobsByStatus({ marketplace: filter.marketplace, batchId: filter.batchId });
 *   return toJobListResponse({ jobs: page.map((job) => toJobResponse(job)), counts, status: filter.status });
 * }
 * ```
 */
export function toJobListResponse({ jobs, counts, status }: ToJobListResponseParams): JobListResponse {
  const { pending, running, completed, failed } = counts;
  const total = status === undefined ? Object.values(counts).reduce((sum, count) => sum + count, 0) : counts[status];
  return { jobs: [...jobs], total, pending, running, completed, failed };
}
