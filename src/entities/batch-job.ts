import * as z from "zod";
import { batchJobStatuses } from "./batch-job-status.js";

/** A batch of jobs, such as "publish these 200", with counters that follow each of its jobs as it ends. */
export const batchJobSchema = z.strictObject({
  id: z.int(),
  /** The public string id, which lives here and nowhere else. */
  batchId: z.string(),
  marketplace: z.string(),
  actionCode: z.string(),
  totalCount: z.int(),
  completedCount: z.int(),
  /** Failed and expired jobs. */
  failedCount: z.int(),
  cancelledCount: z.int(),
  status: z.enum(batchJobStatuses),
  priority: z.int(),
  createdByUserId: z.int().nullable(),
  createdAt: z.date(),
  /** When its first job started. */
  startedAt: z.date().nullable(),
  /** When its last job ended: the batch is finished. A cancelled batch has none while jobs of it still run. */
  completedAt: z.date().nullable(),
  /** When jobs of it were first deleted; from then on the counters are history and can't be recounted. */
  prunedAt: z.date().nullable(),
});

/** A batch with its counters, as the repositories give it. */
export interface BatchJob extends z.output<typeof batchJobSchema> {}
