import { batchIdSchema, generateBatchId } from "../entities/batch-id.js";
import type { BatchJob } from "../entities/batch-job.js";
import type { BatchJobStatus } from "../entities/batch-job-status.js";
import type { BatchCounters } from "../entities/batch-status-rule.js";
import type { NewBatchJob } from "../entities/new-batch-job.js";
import { newBatchJobSchema } from "../entities/new-batch-job.js";
import { parseInput } from "../errors/parse-input.js";
import { auditBatchesStatement } from "./audit-batches-statement.js";
import { toBatchJob } from "./batch-job-row.js";
import { BatchReading } from "./batch-reading.js";
import type { CancelBatchResult } from "./cancel-batch.js";
import { cancelBatch } from "./cancel-batch.js";
import { createBatchStatement } from "./create-batch-statement.js";
import type { RepairBatchResult } from "./repair-batch.js";
import { repairBatch } from "./repair-batch.js";
import { unknownActionType } from "./unknown-action-type.js";

export interface CreateBatchResult {
  readonly batch: BatchJob;
  /** False when a batch with this id existed, which is then given as it is. */
  readonly created: boolean;
}

/** A batch that says something else than its jobs. */
export interface BatchDiscrepancy {
  readonly batch: BatchJob;
  /** What its jobs come to. */
  readonly counted: BatchCounters;
  /** The status that follows from them. */
  readonly expectedStatus: BatchJobStatus;
}

/** The batches of one tenant. Every method takes part in the transaction of the Kysely that `forTenant` was given. */
export class BatchJobRepository extends BatchReading {
  /**
   * Creates a batch and a job for each of its 1–50,000 products, all or none. With a batch id that exists, also when
   * two callers create it at the same moment, the batch that carries it is given as it is. Locks that batch. One
   * statement.
   *
   * @throws `UNKNOWN_ACTION_TYPE`, `INVALID_INPUT`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { batch, created } = await forTenant(db, "user_1").batches.createBatch({
   *   marketplace: "vinted",
   *   actionCode: "publish",
   *   productIds: [17, 18, 19],
   * });
   * console.log(batch.batchId, batch.totalCount, created); // publish_… 3 true
   * ```
   */
  async createBatch(newBatch: NewBatchJob): Promise<CreateBatchResult> {
    const parsed = parseInput(newBatchJobSchema, newBatch, { code: "INVALID_INPUT", subject: "createBatch" });
    const { marketplace, actionCode } = parsed;
    const batchId = parsed.batchId ?? generateBatchId(actionCode);
    const { rows } = await createBatchStatement(this.tenant, { ...parsed, batchId }).execute(this.tenant.db);
    const [row] = rows;
    if (row === undefined) throw await unknownActionType(this.tenant, marketplace, actionCode);
    return { batch: toBatchJob(row), created: row.created };
  }

  /**
   * Cancels a batch at once and for good: its pending and paused jobs end, its running ones are asked to stop and end
   * as their workers say. `undefined` for an unknown batch. Locks the open jobs and the batch. One statement, and a
   * second one only when jobs joined the batch meanwhile.
   *
   * @throws `BATCH_ALREADY_FINISHED` when the batch has ended or was cancelled before; `INVALID_INPUT`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const cancelled = await forTenant(db, "user_1").batches.cancelBatch("publish_20260115_101530_a1b2c3d4");
   * console.log(cancelled?.cancelledCount, cancelled?.finishedBatch !== undefined);
   * ```
   */
  async cancelBatch(batchId: string): Promise<CancelBatchResult | undefined> {
    const id = parseInput(batchIdSchema, batchId, { code: "INVALID_INPUT", subject: "cancelBatch" });
    return cancelBatch(this.tenant, id);
  }

  /**
   * Holds every batch against a recount of its jobs and returns those that differ, by id; none, unless rows were
   * changed by other hands. Batches of which jobs were deleted are left out. Reads all jobs of batches. One statement.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { batches } = forTenant(db, "user_1");
   * for (const { batch } of await batches.auditBatches()) await batches.repairBatch(batch.batchId);
   * ```
   */
  async auditBatches(): Promise<BatchDiscrepancy[]> {
    const { rows } = await auditBatchesStatement(this.tenant).execute(this.tenant.db);
    return rows.map((row) => ({
      batch: toBatchJob(row),
      counted: {
        totalCount: row.counted_total,
        completedCount: row.counted_completed,
        failedCount: row.counted_failed,
        cancelledCount: row.counted_cancelled,
      },
      expectedStatus: row.expected_status,
    }));
  }

  /**
   * Sets a batch's counters, status and end to what its jobs say; writes nothing when they are right. `undefined` for
   * an unknown batch. Locks all jobs of the batch and the batch. One statement, repeated while jobs join the batch.
   *
   * @throws `BATCH_PRUNED` when jobs of the batch were deleted; `INVALID_INPUT`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const result = await forTenant(db, "user_1").batches.repairBatch("publish_20260115_101530_a1b2c3d4");
   * console.log(result?.repaired ? "repaired" : "was right");
   * ```
   */
  async repairBatch(batchId: string): Promise<RepairBatchResult | undefined> {
    const id = parseInput(batchIdSchema, batchId, { code: "INVALID_INPUT", subject: "repairBatch" });
    return repairBatch(this.tenant, id);
  }
}
