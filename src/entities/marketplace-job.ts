import * as z from "zod";
import { jobStatuses } from "./job-status.js";
import type { JsonValue } from "./json-value.js";

/**
 * One job of a tenant, such as "publish product 17 on vinted". It points to its batch by `batchJobId` and by nothing
 * else; the batch's public string id lives in {@link BatchJob} alone.
 */
export const marketplaceJobSchema = z.strictObject({
  id: z.int(),
  marketplace: z.string(),
  /** `null` for a job of its own. */
  batchJobId: z.int().nullable(),
  actionTypeId: z.int(),
  productId: z.int().nullable(),
  idempotencyKey: z.string().nullable(),
  status: z.enum(jobStatuses),
  /** 1 is claimed first, 4 last; rows of the legacy system may hold others. */
  priority: z.int(),
  inputData: z.custom<JsonValue>().nullable(),
  resultData: z.custom<JsonValue>().nullable(),
  /** Why the last attempt failed; `null` again once the job is completed. */
  errorMessage: z.string().nullable(),
  /** How often the job was sent back to `pending` after a failure. */
  retryCount: z.int(),
  /** How many failures end the job: 3 means two retries. */
  maxRetries: z.int(),
  /** How often the job was started. It never goes back, and fences off workers that lost their lease. */
  attempt: z.int(),
  cancelRequested: z.boolean(),
  cancelRequestedAt: z.date().nullable(),
  /** When the current or last attempt began; `null` while the job waits for one. */
  startedAt: z.date().nullable(),
  completedAt: z.date().nullable(),
  /** A job that has not started by then never will; `null` for never. */
  expiresAt: z.date().nullable(),
  /** Until when its worker holds the job; `null` unless running. */
  leaseExpiresAt: z.date().nullable(),
  /** Not claimed before. */
  runAt: z.date(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

/** One job of a tenant, as the repositories give it. */
export interface MarketplaceJob extends z.output<typeof marketplaceJobSchema> {}
