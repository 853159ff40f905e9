import * as z from "zod";
import type { ActionType } from "../entities/action-type.js";
import type { BatchJob } from "../entities/batch-job.js";
import { jobStatuses } from "../entities/job-status.js";
import type { JsonValue } from "../entities/json-value.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { InvalidInputError } from "../errors/parse-input.js";
import { isoDateTime, toIsoDateTime } from "./iso-date-time.js";

const progress: z.ZodType<JsonValue> = z.json();

/**
 * One job. It names its batch by the batch's number alone; the string id belongs to the batch and is added only where
 * old clients still read it: {@link jobWithBatchIdResponse}.
 */
export const jobResponse = z.strictObject({
  id: z.int(),
  batch_job_id: z.int().nullable(),
  marketplace: z.string(),
  action_type_id: z.int(),
  action_code: z.string().nullable(),
  action_name: z.string().nullable(),
  product_id: z.int().nullable(),
  status: z.enum(jobStatuses),
  cancel_requested: z.boolean(),
  priority: z.int(),
  error_message: z.string().nullable(),
  retry_count: z.int(),
  started_at: isoDateTime.nullable(),
  completed_at: isoDateTime.nullable(),
  expires_at: isoDateTime.nullable(),
  created_at: isoDateTime,
  /** What the worker last reported under `progress` in the job's result data, as it reported it. */
  progress,
});

export interface JobResponse extends z.output<typeof jobResponse> {}

/** A job with the string id of its batch, `null` when it has none. */
export const jobWithBatchIdResponse = z.strictObject({ ...jobResponse.shape, batch_id: z.string().nullable() });

export interface JobWithBatchIdResponse extends z.output<typeof jobWithBatchIdResponse> {}

export interface ToJobResponseOptions {
  /** Names the action; without it, or for an action type that no longer exists, code and name are `null`. */
  readonly actionType?: Pick<ActionType, "id" | "code" | "name"> | undefined;
  /** The batch that the job belongs to, `null` for a job without one; left out, the answer has no `batch_id`. */
  readonly batch?: Pick<BatchJob, "id" | "batchId"> | null | undefined;
}

/**
 * A job as the endpoints answer it. With `batch`, the answer carries the batch's `batch_id` for clients that still
 * read it there.
 *
 * @throws `INVALID_OPTIONS` when `batch` or `actionType` is not the job's own, which would be a wrong answer.
 *
 * @example
 * ```ts
 * import { actionTypes, forTenant } from "marketplace-jobs";
 * import { type JobResponse, toJobResponse } from "marketplace-jobs/contract";
 *
 * export async function readJob(id: number): Promise<JobResponse | undefined> {
 *   const job = await forTenant(db, "user_1").jobs.getJob(id);
 *   if (job === undefined) return undefined;
 *   return toJobResponse(job, { actionType: await actionTypes(db).getActionType(job.actionTypeId) });
 * }
 * ```
 */
export function toJobResponse(job: MarketplaceJob, options?: ToJobResponseOptions & { batch?: undefined }): JobResponse;
export function toJobResponse(
  job: MarketplaceJob,
  options: ToJobResponseOptions & { readonly batch: Pick<BatchJob, "id" | "batchId"> | null },
): JobWithBatchIdResponse;
export function toJobResponse(
  job: MarketplaceJob,
  options?: ToJobResponseOptions,
): JobResponse | JobWithBatchIdResponse;
export function toJobResponse(
  job: MarketplaceJob,
  { actionType, batch }: ToJobResponseOptions = {},
): JobResponse | JobWithBatchIdResponse {
  if (actionType !== undefined && actionType.id !== job.actionTypeId) refuse(job, "action type", actionType.id);
  if (batch !== undefined && (batch?.id ?? null) !== job.batchJobId) refuse(job, "batch", batch?.id ?? null);
  return {
    id: job.id,
    batch_job_id: job.batchJobId,
    ...(batch === undefined ? {} : { batch_id: batch?.batchId ?? null }),
    marketplace: job.marketplace,
    action_type_id: job.actionTypeId,
    action_code: actionType?.code ?? null,
    action_name: actionType?.name ?? null,
    product_id: job.productId,
    status: job.status,
    cancel_requested: job.cancelRequested,
    priority: job.priority,
    error_message: job.errorMessage,
    retry_count: job.retryCount,
    started_at: toIsoDateTime(job.startedAt),
    completed_at: toIsoDateTime(job.completedAt),
    expires_at: toIsoDateTime(job.expiresAt),
    created_at: toIsoDateTime(job.createdAt),
    progress: progressOf(job),
  };
}

function progressOf({ resultData }: MarketplaceJob): JobResponse["progress"] {
  if (typeof resultData !== "object" || resultData === null || !("progress" in resultData)) return null;
  return resultData.progress ?? null;
}

function refuse(job: MarketplaceJob, relation: string, id: number | null): never {
  throw new InvalidInputError({
    code: "INVALID_OPTIONS",
    message: `toJobResponse: ${relation} ${id ?? "null"} is not the ${relation} of job ${job.id}`,
    hint: `Pass the job's own ${relation}, or leave it out.`,
  });
}
