import * as z from "zod";

/** The largest value of PostgreSQL's `integer`, which ids are stored in. */
export const MAX_INTEGER = 2_147_483_647;

export const rowIdSchema = z.int().positive().max(MAX_INTEGER);

/** A started job as its worker knows it: `attempt` fences off whoever started an earlier one. */
export interface ClaimedJob {
  readonly id: number;
  readonly attempt: number;
}

/**
 * A job as its worker names it: the claimed job itself (or its `id` and `attempt`), which refuses a worker that lost
 * its lease, or a bare id, which is guarded by the job's status alone.
 */
export type JobReference = ClaimedJob | number;

// Not strict: what claimJobs returned is handed back whole.
const claimedJobSchema = z.object({ id: rowIdSchema, attempt: z.int().min(0).max(MAX_INTEGER) });

/** A reference in one form; the attempt of a bare id is `null`. */
export const jobReferenceSchema = z.union([
  claimedJobSchema,
  rowIdSchema.transform((id): { id: number; attempt: null } => ({ id, attempt: null })),
]);
