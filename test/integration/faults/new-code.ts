import type { Kysely } from "kysely";
import { forTenant } from "../../../src/index.js";
import type { WorkloadMeter } from "./workload-meter.js";

interface NewCodeParams {
  readonly db: Kysely<any>;
  readonly schema: string;
  readonly random: () => number;
  readonly meter: WorkloadMeter;
  readonly isOver: () => boolean;
}

export interface NewCodeResult {
  /** The batches whose creation was acknowledged. */
  readonly created: readonly string[];
  /** The batches that were said to be done, one entry each time. */
  readonly finished: readonly string[];
}

const JOBS_PER_BATCH = 3;

/** The application as it is with this library: creates batches, works on their jobs, and shows both. */
export async function runNewCode({ db, schema, random, meter, isOver }: NewCodeParams): Promise<NewCodeResult> {
  const { jobs, batches } = forTenant(db, schema);
  const created: string[] = [];
  const finished: string[] = [];
  while (!isOver()) {
    const batchId = `load_${schema}_${created.length}`;
    const productIds = Array.from({ length: JOBS_PER_BATCH }, (_, index) => index + 1);
    const batch = await meter.measure("createBatch", () =>
      batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds, batchId }),
    );
    if (batch !== undefined) created.push(batchId);
    await meter.measure("createJob", () => jobs.createJob({ marketplace: "vinted", actionCode: "publish", batchId }));
    const claimed = await meter.measure("claimJobs", () =>
      jobs.claimJobs({ marketplace: "vinted", limit: JOBS_PER_BATCH + 1 }),
    );
    for (const job of claimed ?? []) {
      const settled = await meter.measure("settle", async () =>
        random() < 0.8
          ? await jobs.completeJob(job, { listing: job.id })
          : await jobs.failJob(job, "refused", { retry: false }),
      );
      if (settled?.finishedBatch !== undefined) finished.push(settled.finishedBatch.batchId);
    }
    await meter.measure("getJobsByBatchId", () => jobs.getJobsByBatchId(batchId));
    await meter.measure("getBatchSummary", () => batches.getBatchSummary(batchId));
    await meter.measure("listJobs", () => jobs.listJobs({ marketplace: "vinted", limit: 20 }));
    await meter.measure("countJobsByStatus", () => jobs.countJobsByStatus({ marketplace: "vinted" }));
  }
  return { created, finished };
}
