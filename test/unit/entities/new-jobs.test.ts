import { describe, expect, test } from "vitest";
import { newBatchJobSchema } from "../../../src/entities/new-batch-job.js";
import { newMarketplaceJobSchema } from "../../../src/entities/new-marketplace-job.js";

const job = { marketplace: "vinted", actionCode: "publish" };
const batch = { ...job, productIds: [17] };

describe("a new job", () => {
  test.each([
    ["an unknown key", { productID: 17 }],
    ["no marketplace", { marketplace: "" }],
    ["a marketplace of 51 characters", { marketplace: "x".repeat(51) }],
    ["an action code of 51 characters", { actionCode: "x".repeat(51) }],
    ["priority 0", { priority: 0 }],
    ["priority 5", { priority: 5 }],
    ["half a priority", { priority: 1.5 }],
    ["a product id beyond what a number holds", { productId: Number.MAX_SAFE_INTEGER + 1 }],
    ["a product id of 0", { productId: 0 }],
    ["an idempotency key of 65 characters", { idempotencyKey: "x".repeat(65) }],
    ["an empty idempotency key", { idempotencyKey: "" }],
    ["a negative number of retries", { maxRetries: -1 }],
    ["a date that is none", { runAt: new Date(Number.NaN) }],
    ["an end before its beginning", { runAt: new Date(2_000), expiresAt: new Date(1_000) }],
    ["input that is no JSON", { inputData: { at: new Date() } }],
  ])("is refused for %s", (_title, fault) => {
    expect(newMarketplaceJobSchema.safeParse({ ...job, ...fault }).success).toBe(false);
  });

  test("needs a marketplace and an action alone", () => {
    expect(newMarketplaceJobSchema.parse(job)).toEqual(job);
  });
});

describe("a new batch", () => {
  test.each([
    ["no products", { productIds: [] }],
    ["50,001 products", { productIds: Array.from({ length: 50_001 }, (_, index) => index + 1) }],
    ["a product that is no number", { productIds: ["17"] }],
    ["a batch id of 101 characters", { batchId: "x".repeat(101) }],
    ["an unknown key", { products: [17] }],
    ["a user beyond the column", { createdByUserId: 2_147_483_648 }],
  ])("is refused for %s", (_title, fault) => {
    expect(newBatchJobSchema.safeParse({ ...batch, ...fault }).success).toBe(false);
  });

  test("may hold 50,000 products", () => {
    const productIds = Array.from({ length: 50_000 }, (_, index) => index + 1);
    expect(newBatchJobSchema.parse({ ...batch, productIds }).productIds).toHaveLength(50_000);
  });
});
