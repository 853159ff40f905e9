import { describe, expect, test } from "vitest";
import {
  batchJobsResponse,
  batchProgressResponse,
  batchSummaryResponse,
  cancelResponse,
  createdBatchJobsResponse,
  jobListResponse,
  toBatchJobsResponse,
  toBatchListResponse,
  toBatchProgressResponse,
  toBatchSummaryResponse,
  toCancelBatchResponse,
  toCancelJobResponse,
  toCreatedBatchJobsResponse,
  toJobListResponse,
} from "../../../src/contract/index.js";
import type { BatchJob } from "../../../src/entities/batch-job.js";

const batch: BatchJob = {
  id: 4,
  batchId: "publish_20260115_101530_a1b2c3d4",
  marketplace: "vinted",
  actionCode: "publish",
  totalCount: 12,
  completedCount: 4,
  failedCount: 2,
  cancelledCount: 1,
  status: "running",
  priority: 3,
  createdByUserId: 7,
  createdAt: new Date("2026-01-15T10:15:30.5Z"),
  startedAt: new Date("2026-01-15T10:15:31Z"),
  completedAt: null,
  prunedAt: null,
};
const counts = { pending: 3, running: 1, paused: 1, completed: 4, failed: 1, cancelled: 1, expired: 1 };
const noJobs = { pending: 0, running: 0, paused: 0, completed: 0, failed: 0, cancelled: 0, expired: 0 };

describe("a batch's summary", () => {
  test("has the fields that clients read and not who created it", () => {
    const summary = toBatchSummaryResponse(batch);
    expect(summary).toStrictEqual({
      id: 4,
      batch_id: "publish_20260115_101530_a1b2c3d4",
      marketplace: "vinted",
      action_code: "publish",
      status: "running",
      priority: 3,
      total_count: 12,
      completed_count: 4,
      failed_count: 2,
      cancelled_count: 1,
      pending_count: 5,
      progress_percent: 33.3,
      created_at: "2026-01-15T10:15:30.500Z",
      started_at: "2026-01-15T10:15:31.000Z",
      completed_at: null,
    });
    expect(batchSummaryResponse.parse(summary)).toEqual(summary);
  });

  test.each([
    [0, 0, 0],
    [0, 3, 0],
    [1, 3, 33.3],
    [2, 3, 66.7],
    [1, 16, 6.3],
    [3, 3, 100],
    [1, 50_000, 0],
  ])("%i of %i completed is %f percent", (completedCount, totalCount, percent) => {
    const counted = { ...batch, completedCount, totalCount, failedCount: 0, cancelledCount: 0 };
    expect(toBatchSummaryResponse(counted).progress_percent).toBe(percent);
  });

  test("stands in the list in the order given", () => {
    const list = toBatchListResponse([{ ...batch, id: 2 }, batch]);
    expect(list.batches.map(({ id }) => id)).toEqual([2, 4]);
  });
});

describe("a batch's progress", () => {
  test("adds up: expired jobs count as failed", () => {
    const progress = toBatchProgressResponse(batch, counts);
    expect(progress).toStrictEqual({
      batch_id: batch.batchId,
      total: 12,
      completed: 4,
      failed: 2,
      pending: 3,
      running: 1,
      paused: 1,
      cancelled: 1,
      progress_percent: 33.3,
    });
    expect(batchProgressResponse.parse(progress)).toEqual(progress);
  });

  test("remembers jobs that were deleted since they ended", () => {
    const pruned = { ...batch, completedCount: 10, failedCount: 2, cancelledCount: 0, prunedAt: new Date() };
    expect(toBatchProgressResponse(pruned, noJobs)).toMatchObject({ total: 12, completed: 10, failed: 2, pending: 0 });
  });

  test("of a batch without jobs is 0", () => {
    expect(toBatchProgressResponse(batch, noJobs)).toMatchObject({ total: 0, progress_percent: 0 });
  });
});

describe("a job list", () => {
  test("counts every job of the filter, also paused, cancelled and expired ones, in its total", () => {
    const list = toJobListResponse({ jobs: [], counts });
    expect(list).toStrictEqual({ jobs: [], total: 12, pending: 3, running: 1, completed: 4, failed: 1 });
    expect(jobListResponse.parse(list)).toEqual(list);
  });

  test("filtered by status has that status' total and the counts of all of them", () => {
    expect(toJobListResponse({ jobs: [], counts, status: "expired" })).toMatchObject({ total: 1, pending: 3 });
    expect(toJobListResponse({ jobs: [], counts, status: "pending" })).toMatchObject({ total: 3, completed: 4 });
  });
});

describe("a batch's jobs", () => {
  test("come with the batch's id and its number of jobs", () => {
    const answer = toBatchJobsResponse(batch, []);
    expect(answer).toStrictEqual({ batch_id: batch.batchId, total_count: 12, jobs: [] });
    expect(batchJobsResponse.parse(answer)).toEqual(answer);
  });

  test("that were just created are counted; asking again creates none", () => {
    const answer = toCreatedBatchJobsResponse({ batch, created: true }, []);
    expect(answer).toStrictEqual({ batch_id: batch.batchId, jobs_created: 12, jobs: [] });
    expect(createdBatchJobsResponse.parse(answer)).toEqual(answer);
    expect(toCreatedBatchJobsResponse({ batch, created: false }, []).jobs_created).toBe(0);
  });
});

describe("a cancellation", () => {
  test("says what was cancelled and what became of it", () => {
    const job = toCancelJobResponse({ id: 17, status: "running" });
    expect(job).toStrictEqual({ job_id: 17, batch_id: null, status: "running", cancelled_count: 1 });
    const whole = toCancelBatchResponse({ batch: { ...batch, status: "cancelled" }, cancelledCount: 5 });
    expect(whole).toStrictEqual({ job_id: null, batch_id: batch.batchId, status: "cancelled", cancelled_count: 5 });
    for (const answer of [job, whole]) expect(cancelResponse.parse(answer)).toEqual(answer);
  });
});
