import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jobResponse, jobWithBatchIdResponse, toJobResponse } from "../../../src/contract/index.js";
import { jobStatuses } from "../../../src/entities/job-status.js";
import type { MarketplaceJob } from "../../../src/entities/marketplace-job.js";

const job: MarketplaceJob = {
  id: 17,
  marketplace: "vinted",
  batchJobId: 4,
  actionTypeId: 3,
  productId: 9_007_199_254_740_991,
  idempotencyKey: "secret-key",
  status: "running",
  priority: 9,
  inputData: { price: "12.50" },
  resultData: { progress: { current: 3, label: "photos" }, token: "secret-token" },
  errorMessage: null,
  retryCount: 1,
  maxRetries: 3,
  attempt: 2,
  cancelRequested: true,
  cancelRequestedAt: new Date("2026-01-15T10:20:00Z"),
  startedAt: new Date("2026-01-15T10:15:30.123Z"),
  completedAt: null,
  expiresAt: new Date("2026-01-15T11:15:00+01:00"),
  leaseExpiresAt: null,
  runAt: new Date("2026-01-15T09:15:00Z"),
  createdAt: new Date("2026-01-15T09:15:00Z"),
  updatedAt: new Date("2026-01-15T10:20:00Z"),
};
const publish = { id: 3, code: "publish", name: "Publish one product" };

describe("a job's answer", () => {
  test("has the fields that clients read, in snake case, with dates in UTC, and nothing else", () => {
    expect(toJobResponse(job, { actionType: publish })).toStrictEqual({
      id: 17,
      batch_job_id: 4,
      marketplace: "vinted",
      action_type_id: 3,
      action_code: "publish",
      action_name: "Publish one product",
      product_id: 9_007_199_254_740_991,
      status: "running",
      cancel_requested: true,
      priority: 9,
      error_message: null,
      retry_count: 1,
      started_at: "2026-01-15T10:15:30.123Z",
      completed_at: null,
      expires_at: "2026-01-15T10:15:00.000Z",
      created_at: "2026-01-15T09:15:00.000Z",
      progress: { current: 3, label: "photos" },
    });
  });

  test("has no batch_id of its own, also where the job belongs to a batch", () => {
    expect(toJobResponse(job)).not.toHaveProperty("batch_id");
    expect(toJobResponse(job, { batch: undefined })).not.toHaveProperty("batch_id");
    expect(jobResponse.safeParse({ ...toJobResponse(job), batch_id: "publish_1" }).success).toBe(false);
  });

  test("carries the batch's string for clients that still read it, null for a job without a batch", () => {
    expect(toJobResponse(job, { batch: { id: 4, batchId: "publish_1" } }).batch_id).toBe("publish_1");
    expect(toJobResponse({ ...job, batchJobId: null }, { batch: null }).batch_id).toBeNull();
  });

  test("never carries another batch's string or another action's name", () => {
    const foreign = expect.objectContaining({ code: "INVALID_OPTIONS" });
    expect(() => toJobResponse(job, { batch: { id: 5, batchId: "publish_2" } })).toThrow(foreign);
    expect(() => toJobResponse(job, { batch: null })).toThrow(foreign);
    expect(() => toJobResponse({ ...job, batchJobId: null }, { batch: { id: 4, batchId: "publish_1" } })).toThrow(
      foreign,
    );
    expect(() => toJobResponse(job, { actionType: { ...publish, id: 4 } })).toThrow(foreign);
  });

  test("names no action when the action type is gone", () => {
    expect(toJobResponse(job)).toMatchObject({ action_type_id: 3, action_code: null, action_name: null });
  });

  test.each([
    [null, null],
    [{}, null],
    [{ progress: null }, null],
    [{ progress: undefined }, null],
    [{ progress: 0 }, 0],
    [["progress"], null],
    ["progress", null],
    [7, null],
    [
      { progress: { current: 1, label: "photos" }, other: 1 },
      { current: 1, label: "photos" },
    ],
  ])("takes its progress from the result data: %j gives %j", (resultData, progress) => {
    expect(toJobResponse({ ...job, resultData: resultData as MarketplaceJob["resultData"] }).progress).toEqual(
      progress,
    );
  });

  test("is valid JSON by its own schema, whatever the job", () => {
    const date = fc.date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-12-31") });
    // A schema drops a key of this name, as it should: it would be the prototype of what a client reads.
    const progress = fc.jsonValue().filter((value) => !JSON.stringify(value).includes("__proto__"));
    const anyJob = fc.record({
      id: fc.nat(),
      marketplace: fc.string(),
      batchJobId: fc.option(fc.nat()),
      actionTypeId: fc.nat(),
      productId: fc.option(fc.maxSafeInteger()),
      status: fc.constantFrom(...jobStatuses),
      priority: fc.integer(),
      resultData: fc.option(fc.record({ progress })),
      errorMessage: fc.option(fc.string()),
      retryCount: fc.nat(),
      cancelRequested: fc.boolean(),
      startedAt: fc.option(date),
      completedAt: fc.option(date),
      expiresAt: fc.option(date),
      createdAt: date,
    });
    fc.assert(
      fc.property(anyJob, fc.string({ minLength: 1 }), (fields, batchId) => {
        const anyOf = { ...job, ...fields } as MarketplaceJob;
        const plain = toJobResponse(anyOf);
        expect(jobResponse.parse(JSON.parse(JSON.stringify(plain)))).toEqual(JSON.parse(JSON.stringify(plain)));
        const batch = anyOf.batchJobId === null ? null : { id: anyOf.batchJobId, batchId };
        expect(jobWithBatchIdResponse.parse(toJobResponse(anyOf, { batch })).batch_id).toBe(batch?.batchId ?? null);
      }),
    );
  });
});
