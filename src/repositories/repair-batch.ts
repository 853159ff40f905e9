import type { BatchJob } from "../entities/batch-job.js";
import { BatchPrunedError } from "../errors/batch-pruned-error.js";
import { toBatchJob } from "./batch-job-row.js";
import { repairBatchStatement } from "./repair-batch-statement.js";
import type { TenantDatabase } from "./tenant-database.js";

export interface RepairBatchResult {
  readonly batch: BatchJob;
  /** False when the batch was right, and nothing was written. */
  readonly repaired: boolean;
  /** The batch, when its end was overdue and this call made it; nobody else is told. */
  readonly finishedBatch?: BatchJob;
}

/** One statement, repeated while jobs join the batch under its hands. */
export async function repairBatch(tenant: TenantDatabase, batchId: string): Promise<RepairBatchResult | undefined> {
  for (;;) {
    const { rows } = await repairBatchStatement(tenant, batchId).execute(tenant.db);
    const [row] = rows;
    if (row === undefined) return undefined;
    if (row.is_pruned) throw new BatchPrunedError({ tenant: tenant.schema, batchId });
    if (row.is_outdated) continue;
    const batch = toBatchJob(row);
    return { batch, repaired: row.repaired, ...(row.finished ? { finishedBatch: batch } : {}) };
  }
}
