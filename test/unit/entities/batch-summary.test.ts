import { expect, test } from "vitest";
import type { BatchJob } from "../../../src/entities/batch-job.js";
import { summarizeBatch } from "../../../src/entities/batch-summary.js";

const batch: BatchJob = {
  id: 1,
  batchId: "publish_20260115_101530_a1b2c3d4",
  marketplace: "vinted",
  actionCode: "publish",
  totalCount: 3,
  completedCount: 1,
  failedCount: 1,
  cancelledCount: 0,
  status: "running",
  priority: 3,
  createdByUserId: null,
  createdAt: new Date(0),
  startedAt: new Date(0),
  completedAt: null,
  prunedAt: null,
};

test("a summary adds what has not ended, and the completed share with one decimal", () => {
  expect(summarizeBatch(batch)).toEqual({ ...batch, pendingCount: 1, progressPercent: 33.3 });
});

test("a batch without jobs has made no progress", () => {
  const empty = { ...batch, totalCount: 0, completedCount: 0, failedCount: 0 };
  expect(summarizeBatch(empty)).toMatchObject({ pendingCount: 0, progressPercent: 0 });
});
