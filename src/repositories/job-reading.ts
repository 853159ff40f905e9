import * as z from "zod";
import { batchIdSchema } from "../entities/batch-id.js";
import { rowIdSchema } from "../entities/job-reference.js";
import type { JobStatus, JobStatusCounts } from "../entities/job-status.js";
import { jobStatuses } from "../entities/job-status.js";
import type { Marketplace } from "../entities/marketplace.js";
import { marketplaceSchema } from "../entities/marketplace.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { MAX_BATCH_SIZE } from "../entities/new-batch-job.js";
import { parseInput } from "../errors/parse-input.js";
import { interruptedJobRows } from "./interrupted-jobs-query.js";
import type { JobFilter } from "./job-filter.js";
import { filterForm, filterValues, jobFilterSchema, matchesFilter, statusFilterSchema } from "./job-filter.js";
import { jobsOfBatchQuery } from "./jobs-of-batch-query.js";
import type { ListJobsFilter } from "./list-jobs-query.js";
import { listJobsFilterSchema, listJobsStatement } from "./list-jobs-query.js";
import type { JobWithBatch } from "./list-jobs-with-batches-query.js";
import { listJobsWithBatches } from "./list-jobs-with-batches-query.js";
import { marketplaceJobColumns, toMarketplaceJob } from "./marketplace-job-row.js";
import { pageLimitSchema } from "./page-limit.js";
import type { TenantDatabase } from "./tenant-database.js";
import { tenantStatement } from "./tenant-statement.js";

export interface GetJobsByBatchIdOptions {
  /** Only jobs of this status, or of any of these. */
  readonly status?: JobStatus | readonly JobStatus[] | undefined;
  /** All jobs when left out. */
  readonly limit?: number | undefined;
  /** The id of the last job of the page before. */
  readonly after?: number | undefined;
}

export interface GetInterruptedJobsOptions {
  readonly marketplace?: Marketplace | undefined;
  /** 50 when left out, 1,000 at most. */
  readonly limit?: number | undefined;
}

const getJobsByBatchIdOptionsSchema = z.strictObject({
  status: statusFilterSchema.optional(),
  limit: z.int().min(1).max(MAX_BATCH_SIZE).optional(),
  after: rowIdSchema.optional(),
});

const getInterruptedJobsOptionsSchema = z.strictObject({
  marketplace: marketplaceSchema.optional(),
  limit: pageLimitSchema,
});

/** How a tenant's jobs are read. Nothing here takes a lock or writes. */
export class JobReading {
  protected readonly tenant: TenantDatabase;

  /** Use `forTenant(db, schema).jobs`, which checks the schema's name. */
  constructor(tenant: TenantDatabase) {
    this.tenant = tenant;
  }

  /**
   * The job with this id, or `undefined`. One statement.
   *
   * @throws `INVALID_INPUT` for what cannot be an id.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const job = await forTenant(db, "user_1").jobs.getJob(17);
   * console.log(job?.status);
   * ```
   */
  async getJob(id: number): Promise<MarketplaceJob | undefined> {
    const jobId = parseInput(rowIdSchema, id, { code: "INVALID_INPUT", subject: "getJob" });
    const { rows } = await tenantStatement(this.tenant, {
      form: "job",
      values: { id: jobId },
      write: (anyTenant, values) =>
        anyTenant.db.selectFrom("marketplace_jobs").select(marketplaceJobColumns).where("id", "=", values.id),
    }).execute(this.tenant.db);
    const [row] = rows;
    return row === undefined ? undefined : toMarketplaceJob(row);
  }

  /**
   * The jobs of a batch, oldest first (`createdAt`, then `id`); all of them unless `limit` is given. An unknown batch
   * has none. One statement, which resolves the batch id through the batch's row.
   *
   * Pages: hand the last job's id in as `after`. The page after a job that was deleted meanwhile is empty.
   *
   * @throws `INVALID_INPUT` for a malformed batch id, limit, cursor or status.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { jobs } = forTenant(db, "user_1");
   * const failed = await jobs.getJobsByBatchId("publish_20260115_101530_a1b2c3d4", { status: "failed" });
   * console.log(failed.map((job) => job.productId));
   * ```
   */
  async getJobsByBatchId(batchId: string, options: GetJobsByBatchIdOptions = {}): Promise<MarketplaceJob[]> {
    const subject = "getJobsByBatchId";
    const id = parseInput(batchIdSchema, batchId, { code: "INVALID_INPUT", subject });
    const page = parseInput(getJobsByBatchIdOptionsSchema, options, { code: "INVALID_INPUT", subject });
    const { rows } = await jobsOfBatchQuery(this.tenant, id, page).execute(this.tenant.db);
    return rows.map(toMarketplaceJob);
  }

  /**
   * Jobs that match every key of the filter: most urgent first, newest first within a priority. One statement.
   *
   * @throws `INVALID_INPUT` for unknown keys, a malformed value, or `after` together with `offset`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const { jobs } = forTenant(db, "user_1");
   * const first = await jobs.listJobs({ marketplace: "vinted", status: ["pending", "paused"], limit: 20 });
   * const second = await jobs.listJobs({ marketplace: "vinted", status: ["pending", "paused"], limit: 20, after: first.at(-1)?.id });
   * console.log(first.length, second.length);
   * ```
   */
  async listJobs(filter: ListJobsFilter = {}): Promise<MarketplaceJob[]> {
    const parsed = parseInput(listJobsFilterSchema, filter, { code: "INVALID_INPUT", subject: "listJobs" });
    const { rows } = await listJobsStatement(this.tenant, parsed).execute(this.tenant.db);
    return rows.map(toMarketplaceJob);
  }

  /**
   * The same jobs in the same order as {@link listJobs}, each with the ids of its batch, for a host whose clients read
   * the batch's string on every job of a list. One statement.
   *
   * @throws `INVALID_INPUT` for unknown keys, a malformed value, or `after` together with `offset`.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   * import { toJobResponse } from "marketplace-jobs/contract";
   *
   * const listed = await forTenant(db, "user_1").jobs.listJobsWithBatches({ marketplace: "vinted", limit: 20 });
   * console.log(listed.map(({ job, batch }) => toJobResponse(job, { batch }).batch_id));
   * ```
   */
  async listJobsWithBatches(filter: ListJobsFilter = {}): Promise<JobWithBatch[]> {
    const parsed = parseInput(listJobsFilterSchema, filter, { code: "INVALID_INPUT", subject: "listJobsWithBatches" });
    return listJobsWithBatches(this.tenant, parsed);
  }

  /**
   * How many jobs of each of the seven statuses match the filter. One statement.
   *
   * @throws `INVALID_INPUT` for unknown keys or a malformed value.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const counts = await forTenant(db, "user_1").jobs.countJobsByStatus({ batchId: "publish_20260115_101530_a1b2c3d4" });
   * console.log(counts.pending, counts.running, counts.completed);
   * ```
   */
  async countJobsByStatus(filter: JobFilter = {}): Promise<JobStatusCounts> {
    const parsed = parseInput(jobFilterSchema, filter, { code: "INVALID_INPUT", subject: "countJobsByStatus" });
    const { rows } = await tenantStatement(this.tenant, {
      form: `count jobs ${filterForm(parsed)}`,
      values: filterValues(parsed),
      write: (anyTenant, values) =>
        anyTenant.db
          .selectFrom("marketplace_jobs")
          .select(["status", (eb) => eb.cast<number>(eb.fn.countAll(), "integer").as("count")])
          .where(matchesFilter(parsed, values))
          .groupBy("status"),
    }).execute(this.tenant.db);
    const counts = Object.fromEntries(jobStatuses.map((status) => [status, 0])) as JobStatusCounts;
    for (const { status, count } of rows) counts[status] = count;
    return counts;
  }

  /**
   * Jobs that were begun or set aside and can still go on: running and paused ones that have not expired, oldest
   * first. What a host looks at after a restart. One statement.
   *
   * @throws `INVALID_INPUT` for unknown keys or a malformed value.
   *
   * @example
   * ```ts
   * import { forTenant } from "marketplace-jobs";
   *
   * const interrupted = await forTenant(db, "user_1").jobs.getInterruptedJobs({ marketplace: "vinted" });
   * console.log(interrupted.map((job) => `${job.id} ${job.status}`));
   * ```
   */
  async getInterruptedJobs(options: GetInterruptedJobsOptions = {}): Promise<MarketplaceJob[]> {
    const parsed = parseInput(getInterruptedJobsOptionsSchema, options, {
      code: "INVALID_INPUT",
      subject: "getInterruptedJobs",
    });
    const rows = await interruptedJobRows(this.tenant, parsed);
    return rows.map(toMarketplaceJob);
  }
}
