/** Every status a batch can have. */
export const batchJobStatuses = ["pending", "running", "completed", "partially_failed", "failed", "cancelled"] as const;

export type BatchJobStatus = (typeof batchJobStatuses)[number];

/** A batch that still has something to do: what {@link BatchJobStatus} says while jobs may start or end. */
export const activeBatchJobStatuses = ["pending", "running"] as const satisfies readonly BatchJobStatus[];
