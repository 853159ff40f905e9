import { describe, expect, test } from "vitest";
import {
  batchIdParam,
  batchJobsQuery,
  batchListQuery,
  cancelBody,
  createBatchBody,
  createMarketplaceBatchBody,
  jobIdParam,
  jobListQuery,
  toJobListFilter,
  toNewBatchJob,
} from "../../../src/contract/index.js";
import { newBatchJobSchema } from "../../../src/entities/new-batch-job.js";

describe("the job list's query", () => {
  test("defaults to the first 50 jobs of any status", () => {
    expect(jobListQuery.parse({})).toEqual({ limit: 50, offset: 0 });
    expect(toJobListFilter("ebay", jobListQuery.parse({}))).toEqual({
      marketplace: "ebay",
      status: undefined,
      batchId: undefined,
      limit: 50,
      offset: 0,
    });
  });

  test("reads numbers as a query string spells them", () => {
    expect(jobListQuery.parse({ limit: "100", offset: "0", status_filter: "expired", batch_id: " x " })).toEqual({
      limit: 100,
      offset: 0,
      status_filter: "expired",
      batch_id: " x ",
    });
    expect(jobListQuery.parse({ limit: 1 }).limit).toBe(1);
  });

  test.each([
    { limit: "0" },
    { limit: "101" },
    { limit: "" },
    { limit: " 5" },
    { limit: "5.5" },
    { limit: "1e1" },
    { limit: "0x10" },
    { limit: ["5", "6"] },
    { offset: "-1" },
    { offset: "99999999999999999999" },
    { status_filter: "done" },
    { status_filter: "" },
    { batch_id: "" },
    { batch_id: "x".repeat(101) },
    { page: "2" },
  ])("refuses %j", (query) => {
    expect(jobListQuery.safeParse(query).success).toBe(false);
  });
});

describe("ids in a path", () => {
  test("a job's is a positive number that the column can hold", () => {
    expect(jobIdParam.parse({ job_id: "2147483647" })).toEqual({ job_id: 2_147_483_647 });
    for (const job_id of ["0", "-1", "2147483648", "batch", "", "1.0"]) {
      expect(jobIdParam.safeParse({ job_id }).success).toBe(false);
    }
  });

  test("a batch's is any text of 1–100 characters, never trimmed", () => {
    for (const batch_id of ["publish_20260115_101530_a1b2c3d4", " ", "a/b?c=%25", "🚲".repeat(100)]) {
      expect(batchIdParam.parse({ batch_id })).toEqual({ batch_id });
    }
    for (const batch_id of ["", "🚲".repeat(101), "nul\u0000", "\ud800"]) {
      expect(batchIdParam.safeParse({ batch_id }).success).toBe(false);
    }
  });
});

describe("the queries of batches", () => {
  test("all jobs of a batch are asked for unless a limit says otherwise", () => {
    expect(batchJobsQuery.parse({})).toEqual({});
    expect(batchJobsQuery.parse({ limit: "1000", after: "7", status_filter: "failed" })).toEqual({
      limit: 1_000,
      after: 7,
      status_filter: "failed",
    });
    for (const query of [{ limit: "1001" }, { after: "x" }, { offset: "5" }]) {
      expect(batchJobsQuery.safeParse(query).success).toBe(false);
    }
  });

  test("the batch list is limited like the job list", () => {
    expect(batchListQuery.parse({ marketplace: "etsy", status_filter: "partially_failed" })).toEqual({
      marketplace: "etsy",
      status_filter: "partially_failed",
      limit: 50,
    });
    for (const query of [{ limit: "0" }, { limit: "101" }, { status_filter: "paused" }, { marketplace: "" }]) {
      expect(batchListQuery.safeParse(query).success).toBe(false);
    }
  });
});

describe("creating a batch", () => {
  const body = { action_code: "publish", product_ids: [3, 1, 2] };

  test("takes what createBatch takes, in snake case", () => {
    const parsed = createMarketplaceBatchBody.parse({
      ...body,
      priority: 1,
      batch_id: "mine",
      input_data: { price: "9.50" },
    });
    const newBatch = toNewBatchJob(parsed, { marketplace: "vinted", createdByUserId: 7 });
    expect(newBatch).toEqual({
      marketplace: "vinted",
      actionCode: "publish",
      productIds: [3, 1, 2],
      priority: 1,
      batchId: "mine",
      inputData: { price: "9.50" },
      createdByUserId: 7,
    });
    expect(newBatchJobSchema.parse(newBatch)).toEqual(newBatch);
    expect(
      newBatchJobSchema.parse(toNewBatchJob(createMarketplaceBatchBody.parse(body), { marketplace: "ebay" })),
    ).toEqual({ marketplace: "ebay", actionCode: "publish", productIds: [3, 1, 2] });
  });

  test.each([
    {},
    { ...body, product_ids: [] },
    { ...body, product_ids: Array.from({ length: 50_001 }, (_, index) => index + 1) },
    { ...body, product_ids: [1.5] },
    { ...body, product_ids: ["1"] },
    { ...body, product_ids: [0] },
    { ...body, priority: 0 },
    { ...body, priority: 5 },
    { ...body, action_code: "" },
    { ...body, action_code: "x".repeat(51) },
    { ...body, batch_id: "" },
    { ...body, input_data: { text: "nul\u0000" } },
    { ...body, created_by_user_id: 1 },
  ])("refuses the body in case %#", (wrong) => {
    expect(createMarketplaceBatchBody.safeParse(wrong).success).toBe(false);
    expect(createBatchBody.safeParse({ marketplace: "vinted", ...wrong }).success).toBe(false);
  });

  test("names its marketplace where the path does not", () => {
    expect(createBatchBody.parse({ marketplace: "etsy", ...body })).toEqual({ marketplace: "etsy", ...body });
    expect(createBatchBody.safeParse(body).success).toBe(false);
    expect(createMarketplaceBatchBody.safeParse({ marketplace: "etsy", ...body }).success).toBe(false);
  });
});

describe("cancelling", () => {
  test("names exactly one of job_id and batch_id; null counts as left out", () => {
    expect(cancelBody.parse({ job_id: 5 })).toEqual({ job_id: 5 });
    expect(cancelBody.parse({ job_id: 5, batch_id: null })).toEqual({ job_id: 5 });
    expect(cancelBody.parse({ job_id: null, batch_id: "b" })).toEqual({ batch_id: "b" });
    for (const body of [{}, { job_id: null }, { job_id: 5, batch_id: "b" }]) {
      expect(cancelBody.safeParse(body).error?.issues).toMatchObject([
        { message: "exactly one of job_id and batch_id is needed" },
      ]);
    }
  });

  test.each([
    [{ job_id: "5" }],
    [{ job_id: 0 }],
    [{ batch_id: "" }],
    [{ job_id: 5, reason: "x" }],
    [[]],
    [null],
    ["5"],
  ])("refuses %j", (body) => {
    expect(cancelBody.safeParse(body).success).toBe(false);
  });
});
