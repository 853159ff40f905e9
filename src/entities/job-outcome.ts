import * as z from "zod";
import { errorTextSchema } from "./error-text.js";
import type { JobReference } from "./job-reference.js";
import { jobReferenceSchema } from "./job-reference.js";
import { MAX_RETRY_AFTER_MS } from "./job-timing.js";
import type { JsonValue } from "./json-value.js";
import { jsonValueSchema } from "./json-value.js";

/** A worker that collects more outcomes than this has been holding leases for too long. */
export const MAX_SETTLED_JOBS = 10_000;

/** What came of a job: done, failed, or given up because its cancellation was asked for. */
export type JobOutcome =
  | { readonly job: JobReference; readonly outcome: "completed"; readonly resultData?: JsonValue | undefined }
  | ({ readonly job: JobReference; readonly outcome: "failed"; readonly error: string | Error } & FailJobOptions)
  | { readonly job: JobReference; readonly outcome: "cancelled" };

export interface FailJobOptions {
  /** False when another attempt cannot help; true when left out. */
  readonly retry?: boolean | undefined;
  /** How long to wait before the next attempt, when the marketplace said so; a growing back-off when left out. */
  readonly retryAfterMs?: number | undefined;
}

export const failJobOptionsSchema = z.strictObject({
  retry: z.boolean().default(true),
  retryAfterMs: z.int().min(0).max(MAX_RETRY_AFTER_MS).optional(),
});

export const jobOutcomeSchema = z.discriminatedUnion("outcome", [
  z.strictObject({
    job: jobReferenceSchema,
    outcome: z.literal("completed"),
    resultData: jsonValueSchema.optional(),
  }),
  z.strictObject({
    job: jobReferenceSchema,
    outcome: z.literal("failed"),
    error: errorTextSchema,
    ...failJobOptionsSchema.shape,
  }),
  z.strictObject({ job: jobReferenceSchema, outcome: z.literal("cancelled") }),
]);

export type ParsedJobOutcome = z.output<typeof jobOutcomeSchema>;

export const jobOutcomesSchema = z
  .array(jobOutcomeSchema)
  .min(1)
  .max(MAX_SETTLED_JOBS)
  .refine((outcomes) => new Set(outcomes.map(({ job }) => job.id)).size === outcomes.length, {
    error: "names a job twice",
  });
