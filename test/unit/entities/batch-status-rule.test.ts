import { describe, expect, test } from "vitest";
import { batchJobStatuses } from "../../../src/entities/batch-job-status.js";
import { areAllJobsTerminal, batchStatus } from "../../../src/entities/batch-status-rule.js";
import { smallCounterTuples } from "../../small-counter-tuples.js";

const counters = (totalCount: number, completedCount: number, failedCount: number, cancelledCount: number) => ({
  totalCount,
  completedCount,
  failedCount,
  cancelledCount,
});

describe("a batch whose jobs have all ended", () => {
  test.each([
    ["cancelled when all were cancelled", counters(3, 0, 0, 3), "cancelled"],
    ["failed when all failed or expired", counters(3, 0, 3, 0), "failed"],
    ["completed when all were completed", counters(3, 3, 0, 0), "completed"],
    ["completed when the rest was cancelled", counters(3, 1, 0, 2), "completed"],
    ["partially failed when some failed", counters(3, 2, 1, 0), "partially_failed"],
    ["partially failed when the rest was cancelled", counters(3, 0, 1, 2), "partially_failed"],
  ] as const)("is %s", (_title, tuple, status) => {
    expect(batchStatus(tuple, "running")).toBe(status);
  });
});

describe("a batch with jobs left", () => {
  test("is pending until a job starts or ends", () => {
    expect(batchStatus(counters(3, 0, 0, 0), "pending")).toBe("pending");
    expect(batchStatus(counters(3, 0, 1, 0), "pending")).toBe("running");
  });

  test("never goes back to pending", () => {
    expect(batchStatus(counters(3, 0, 0, 0), "running")).toBe("running");
  });

  test("runs again when its failed jobs are tried again", () => {
    expect(batchStatus(counters(3, 0, 0, 0), "failed")).toBe("running");
    expect(batchStatus(counters(3, 2, 0, 0), "partially_failed")).toBe("running");
  });
});

test("a batch that was cancelled as a whole stays cancelled, whatever becomes of its jobs", () => {
  for (const tuple of smallCounterTuples()) expect(batchStatus(tuple, "cancelled")).toBe("cancelled");
});

test("a batch without jobs has nothing that could end it", () => {
  expect(batchStatus(counters(0, 0, 0, 0), "pending")).toBe("pending");
});

test("whether a batch has ended depends on its counters alone", () => {
  for (const tuple of smallCounterTuples()) {
    for (const current of batchJobStatuses.filter((status) => status !== "cancelled")) {
      expect(["pending", "running"].includes(batchStatus(tuple, current))).toBe(!areAllJobsTerminal(tuple));
    }
  }
});
