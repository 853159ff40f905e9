import * as z from "zod";
import { batchIdSchema } from "../entities/batch-id.js";
import { activeBatchJobStatuses } from "../entities/batch-job-status.js";
import type { BatchJob } from "../entities/batch-job.js";
import type { BatchSummary } from "../entities/batch-summary.js";
import { summarizeBatch } from "../entities/batch-summary.js";
import { rowIdSchema } from "../entities/job-reference.js";
import type { Marketplace } from "../entities/marketplace.js";
import { marketplaceSchema } from "../entities/marketplace.js";
import { parseInput } from "../errors/parse-input.js";
import { batchJobColumns, toBatchJob } from "./batch-job-row.js";
import type { ListBatchesFilter } from "./list-batches-query.js";
import { listBatchesFilterSchema, listBatchRows } from "./list-batches-query.js";
import { pageLimitSchema } from "./page-limit.js";
import type { TenantDatabase } from "./tenant-database.js";
import { tenantStatement } from "./tenant-statement.js";

export interface ListActiveBatchesOptions {
  readonly marketplace?: Marketplace | undefined;
  /** 50 when left out, 1,000 at most. */
  readonly limit?: number | undefined;
}

const listActiveBatchesOptionsSchema = z.strictObject({
  marketplace: marketplaceSchema.optional(),
  limit: pageLimitSchema,
});

/** How a tenant's batches are read. Nothing here takes a lock or writes. */
export class BatchReading {
  protected readonly tenant: TenantDatabase;

  /** Use `forTenant(db, schema).batches`, which checks the schema's name. */
  constructor(tenant: TenantDatabase) {
    this.tenant = tenant;
  }

  /**
   * The batch with this integer id (a job's `batchJobId`), or `undefined`. One statement.
   *
   * @throws `INVALID_INPUT` for what cannot be an id.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const batch = await forTenant(db, "user_1").batches.getBatch(3);
   * console.log(batch?.batchId);
   * ```
   */
  async getBatch(id: number): Promise<BatchJob | undefined> {
    const batchJobId = parseInput(rowIdSchema, id, { code: "INVALID_INPUT", subject: "getBatch" });
    const { rows } = await tenantStatement(this.tenant, {
      form: "batch by id",
      values: { id: batchJobId },
      write: ({ db }, values) => db.selectFrom("batch_jobs").select(batchJobColumns).where("id", "=", values.id),
    }).execute(this.tenant.db);
    const [row] = rows;
    return row === undefined ? undefined : toBatchJob(row);
  }

  /**
   * The batch with this public id, compared exactly, or `undefined`. One statement.
   *
   * @throws `INVALID_INPUT` for a malformed batch id.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const batch = await forTenant(db, "user_1").batches.getBatchByBatchId("publish_20260115_101530_a1b2c3d4");
   * console.log(batch?.status);
   * ```
   */
  async getBatchByBatchId(batchId: string): Promise<BatchJob | undefined> {
    return this.#findByBatchId(batchId, "getBatchByBatchId");
  }

  /**
   * The batch with what a progress bar shows, or `undefined`. One statement, which reads the batch's row alone: the
   * counters follow each job as it ends.
   *
   * @throws `INVALID_INPUT` for a malformed batch id.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const summary = await forTenant(db, "user_1").batches.getBatchSummary("publish_20260115_101530_a1b2c3d4");
   * if (summary !== undefined) console.log(`${summary.progressPercent} %, ${summary.pendingCount} left`);
   * ```
   */
  async getBatchSummary(batchId: string): Promise<BatchSummary | undefined> {
    const batch = await this.#findByBatchId(batchId, "getBatchSummary");
    return batch === undefined ? undefined : summarizeBatch(batch);
  }

  /**
   * Batches that match every key of the filter, newest first. One statement.
   *
   * @throws `INVALID_INPUT` for unknown keys, a malformed value, or `after` together with `offset`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const failed = await forTenant(db, "user_1").batches.listBatches({ status: ["failed", "partially_failed"] });
   * console.log(failed.map((batch) => batch.batchId));
   * ```
   */
  async listBatches(filter: ListBatchesFilter = {}): Promise<BatchJob[]> {
    const parsed = parseInput(listBatchesFilterSchema, filter, { code: "INVALID_INPUT", subject: "listBatches" });
    const rows = await listBatchRows(this.tenant, parsed);
    return rows.map(toBatchJob);
  }

  /**
   * Batches that are pending or running, most urgent first, then oldest first. One statement.
   *
   * @throws `INVALID_INPUT` for unknown keys or a malformed value.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const active = await forTenant(db, "user_1").batches.listActiveBatches({ marketplace: "vinted", limit: 10 });
   * console.log(active.length);
   * ```
   */
  async listActiveBatches(options: ListActiveBatchesOptions = {}): Promise<BatchJob[]> {
    const { marketplace, limit } = parseInput(listActiveBatchesOptionsSchema, options, {
      code: "INVALID_INPUT",
      subject: "listActiveBatches",
    });
    const rows = await this.tenant.db
      .selectFrom("batch_jobs")
      .select(batchJobColumns)
      .where("status", "in", activeBatchJobStatuses)
      .$if(marketplace !== undefined, (query) => query.where("marketplace", "=", marketplace!))
      .orderBy("priority")
      .orderBy("created_at")
      .orderBy("id")
      .limit(limit)
      .execute();
    return rows.map(toBatchJob);
  }

  async #findByBatchId(batchId: string, subject: string): Promise<BatchJob | undefined> {
    const parsed = parseInput(batchIdSchema, batchId, { code: "INVALID_INPUT", subject });
    const { rows } = await tenantStatement(this.tenant, {
      form: "batch by batch id",
      values: { batchId: parsed },
      write: ({ db }, values) =>
        db.selectFrom("batch_jobs").select(batchJobColumns).where("batch_id", "=", values.batchId),
    }).execute(this.tenant.db);
    const [row] = rows;
    return row === undefined ? undefined : toBatchJob(row);
  }
}
