import * as z from "zod";

/** The priorities that new jobs and batches may have; a smaller number is claimed first. */
export const priorities = { critical: 1, high: 2, normal: 3, low: 4 } as const;

/** What a new job or batch may be given. Rows of the legacy system hold others, which are read and claimed as they are. */
export const prioritySchema = z.int().min(priorities.critical).max(priorities.low);
