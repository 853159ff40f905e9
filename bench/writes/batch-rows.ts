/** What every contender writes: one batch and a job for each of its products. */
export interface BatchRows {
  readonly batchId: string;
  readonly productIds: number[];
}

/** The action type `publish` of vinted, as the shared migration seeds it; only `createBatch` has to look it up. */
export const ACTION_TYPE = { id: 3, marketplace: "vinted", code: "publish", priority: 3, maxRetries: 3 } as const;

export const INPUT_DATA = { title: "a blue coat", price: 12.5 } as const;

export const JOB_COLUMNS = [
  "marketplace",
  "batch_job_id",
  "action_type_id",
  "product_id",
  "priority",
  "max_retries",
  "input_data",
  "expires_at",
] as const;

/** The batch row by hand, for those who insert the jobs afterwards. */
export const INSERT_BATCH = `
  insert into user_1.batch_jobs (batch_id, marketplace, action_code, total_count, priority)
  values ($1, '${ACTION_TYPE.marketplace}', '${ACTION_TYPE.code}', $2, ${ACTION_TYPE.priority})
  returning id`;

/** The values of a job's columns, in the order of `JOB_COLUMNS`. */
export function jobValues(batchJobId: number, productId: number): readonly (string | number | Date)[] {
  const { marketplace, id, priority, maxRetries } = ACTION_TYPE;
  const expiresAt = new Date(Date.now() + 3_600_000);
  return [marketplace, batchJobId, id, productId, priority, maxRetries, JSON.stringify(INPUT_DATA), expiresAt];
}
