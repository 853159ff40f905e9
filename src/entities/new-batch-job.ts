import * as z from "zod";
import { batchIdSchema } from "./batch-id.js";
import { jsonValueSchema } from "./json-value.js";
import { marketplaceSchema } from "./marketplace.js";
import { actionCodeSchema, productIdSchema } from "./new-marketplace-job.js";
import { prioritySchema } from "./priority.js";

/** Ten times what a seller's page selects at once; the statement holds its locks for about a second. */
export const MAX_BATCH_SIZE = 50_000;

/** A batch as a caller asks for it: one action on each of 1–50,000 products. */
export const newBatchJobSchema = z.strictObject({
  marketplace: marketplaceSchema,
  actionCode: actionCodeSchema,
  /** One job each, in this order. */
  productIds: z.array(productIdSchema).min(1).max(MAX_BATCH_SIZE),
  /** The action type's when left out. */
  priority: prioritySchema.optional(),
  /** Generated when left out. Asking again with the same id gives the batch that exists. */
  batchId: batchIdSchema.optional(),
  /** Given to every job. */
  inputData: jsonValueSchema.nullish(),
  createdByUserId: z.int().positive().max(2_147_483_647).nullish(),
});

export interface NewBatchJob extends z.input<typeof newBatchJobSchema> {}
