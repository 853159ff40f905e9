import * as z from "zod";
import { batchIdSchema } from "./batch-id.js";
import { boundedText } from "./bounded-text.js";
import { jsonValueSchema } from "./json-value.js";
import { marketplaceSchema } from "./marketplace.js";
import { momentSchema } from "./moment.js";
import { prioritySchema } from "./priority.js";

/** Longer keys do not fit `marketplace_jobs.idempotency_key`; a SHA-256 in hexadecimal does. */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 64;

/** More attempts than any marketplace would put up with. */
export const MAX_MAX_RETRIES = 1_000;

export const actionCodeSchema = boundedText("an action code", 50);
export const productIdSchema = z.int().positive();

/** A job as a caller asks for it. What is left out comes from the action type. */
export const newMarketplaceJobSchema = z
  .strictObject({
    marketplace: marketplaceSchema,
    actionCode: actionCodeSchema,
    productId: productIdSchema.nullish(),
    /** The batch that the job joins, which must not be finished. */
    batchId: batchIdSchema.nullish(),
    /** The action type's when left out. */
    priority: prioritySchema.optional(),
    inputData: jsonValueSchema.nullish(),
    /** Asking again with the same key gives the job that exists. */
    idempotencyKey: boundedText("an idempotency key", MAX_IDEMPOTENCY_KEY_LENGTH).nullish(),
    /** The action type's when left out. */
    maxRetries: z.int().min(0).max(MAX_MAX_RETRIES).optional(),
    /** Not to be claimed before; now when left out. */
    runAt: momentSchema.optional(),
    /** When a job that has not started expires; an hour after `runAt` when left out. */
    expiresAt: momentSchema.optional(),
  })
  .refine(({ runAt, expiresAt }) => runAt === undefined || expiresAt === undefined || runAt < expiresAt, {
    path: ["expiresAt"],
    error: "must be later than runAt, or the job could never be claimed",
  });

export interface NewMarketplaceJob extends z.input<typeof newMarketplaceJobSchema> {}
