import { randomBytes } from "node:crypto";
import type * as z from "zod";
import { boundedText } from "./bounded-text.js";

/** Longer ids do not fit `batch_jobs.batch_id`. */
export const MAX_BATCH_ID_LENGTH = 100;

/**
 * The public string id of a batch: 1–100 code points without NUL and lone surrogates, compared exactly and never
 * trimmed.
 *
 * @example
 * ```ts
 * import { batchIdSchema } from "marketplace-jobs";
 *
 * console.log(batchIdSchema.parse("publish_20260115_101530_a1b2c3d4"));
 * console.log(batchIdSchema.safeParse("").success); // false
 * ```
 */
export const batchIdSchema: z.ZodString = boundedText("a batch id", MAX_BATCH_ID_LENGTH);

/**
 * A new batch id, `<action>_<YYYYMMDD>_<HHMMSS>_<8 hex>` in UTC.
 *
 * It reads well in a log and sorts by time within an action. The eight random hexadecimal digits keep two batches of
 * one second apart; should they meet all the same, the unique key makes the second the first.
 */
export function generateBatchId(actionCode: string, at: Date = new Date()): string {
  const [date, time] = at.toISOString().slice(0, "2026-01-15T10:15:30".length).replaceAll(/[-:]/g, "").split("T");
  return `${actionCode}_${date}_${time}_${randomBytes(4).toString("hex")}`;
}
