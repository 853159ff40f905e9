import { describe, expect, test } from "vitest";
import { batchIdSchema, generateBatchId } from "../../../src/entities/batch-id.js";

describe("a batch id", () => {
  test.each([
    ["one character", "x"],
    ["a hundred characters", "x".repeat(100)],
    ["a hundred characters outside the basic plane", "😀".repeat(100)],
    ["blanks, which are part of it", "  publish  "],
    ["quotes and backslashes", `'"\\$&`],
  ])("may be %s", (_title, batchId) => {
    expect(batchIdSchema.parse(batchId)).toBe(batchId);
  });

  test.each([
    ["empty", "", "must not be empty"],
    ["longer than a hundred characters", "x".repeat(101), "must not exceed 100 characters"],
    ["a hundred and one outside the basic plane", "😀".repeat(101), "must not exceed 100 characters"],
    ["with NUL", "a\u0000b", "must not contain NUL"],
    ["with half a surrogate pair", "a\ud83d", "lone surrogate"],
  ])("is not %s", (_title, batchId, message) => {
    expect(
      batchIdSchema
        .safeParse(batchId)
        .error?.issues.map((issue) => issue.message)
        .join(),
    ).toContain(message);
  });
});

describe("a generated batch id", () => {
  test("tells the action and the second in UTC", () => {
    expect(generateBatchId("publish", new Date("2026-01-15T10:15:30.999Z"))).toMatch(
      /^publish_20260115_101530_[0-9a-f]{8}$/,
    );
  });

  test("fits, however long the action", () => {
    expect(batchIdSchema.safeParse(generateBatchId("x".repeat(50))).success).toBe(true);
  });

  test("differs from the next of the same second", () => {
    const at = new Date();
    expect(new Set(Array.from({ length: 1_000 }, () => generateBatchId("publish", at))).size).toBe(1_000);
  });
});
