import type { JobTenant } from "../job-tenant.js";
import type { Question } from "./question.js";
import { toJob, toSummary } from "./row-columns.js";
import { MARKETPLACE, PAGE } from "./tenant-client.js";

export const CLAIMED = 10;

/** A tenant whose batches are named after their size. */
export function batchIdOf(size: number): string {
  return `batch_of_${size}`;
}

export function jobsOfBatch(size: number): Question {
  const batchId = batchIdOf(size);
  return {
    method: "getJobsByBatchId",
    ask: ({ jobs }) => jobs.getJobsByBatchId(batchId),
    read: (rows) => rows.map(toJob),
    askClient: (client) => client.jobsOfBatch(batchId),
    rows: size,
  };
}

export function batchSummary(size: number): Question {
  const batchId = batchIdOf(size);
  return {
    method: "getBatchSummary",
    ask: ({ batches }) => batches.getBatchSummary(batchId),
    read: (rows) => rows.map(toSummary)[0],
    askClient: (client) => client.batchSummary(batchId),
  };
}

export const listJobs: Question = {
  method: "listJobs",
  ask: ({ jobs }) => jobs.listJobs({ marketplace: MARKETPLACE }),
  read: (rows) => rows.map(toJob),
  askClient: (client) => client.listJobs(),
  rows: PAGE,
};

/** Each claim uses up what it claims, so the queue is filled anew for every turn. */
export function claimJobs({ pool, repositories }: JobTenant, queued: number): Question {
  return {
    method: "claimJobs",
    async prepare() {
      await pool.query("truncate user_1.marketplace_jobs, user_1.batch_jobs restart identity cascade");
      await repositories.batches.createBatch({
        marketplace: MARKETPLACE,
        actionCode: "publish",
        productIds: Array.from({ length: queued }, (_, index) => index + 1),
      });
      await pool.query("vacuum analyze user_1.marketplace_jobs, user_1.batch_jobs");
    },
    ask: ({ jobs }) => jobs.claimJobs({ marketplace: MARKETPLACE, limit: CLAIMED }),
    // A claim's rows may tell of more than jobs.
    read: (rows) => rows.filter((row) => row["id"] !== null).map(toJob),
    askClient: (client) => client.claimJobs(CLAIMED),
    rows: CLAIMED,
  };
}
