import pg from "pg";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { errorBody, jobListQuery, notFoundResponse, toErrorResponse } from "../../../src/contract/index.js";
import { type ErrorCode, errorCodes } from "../../../src/errors/error-code.js";
import { BatchAlreadyFinishedError } from "../../../src/errors/batch-already-finished-error.js";
import { IllegalJobTransitionError } from "../../../src/errors/illegal-job-transition-error.js";
import { MarketplaceJobsError } from "../../../src/errors/marketplace-jobs-error.js";
import { UnknownActionTypeError } from "../../../src/errors/unknown-action-type-error.js";
import { UnknownBatchError } from "../../../src/errors/unknown-batch-error.js";

const internal = { status: 500, body: { detail: "Internal server error" } };

function ours(code: ErrorCode, isRetryable = false): MarketplaceJobsError {
  return new MarketplaceJobsError({
    code,
    message: "what happened",
    hint: "do this on the server",
    details: { row: "secret" },
    isRetryable,
    cause: new Error("password authentication failed for user secret"),
  });
}

describe("what a client is told of an error", () => {
  test.each<[ErrorCode, number]>([
    ["INVALID_INPUT", 400],
    ["INVALID_TENANT_SCHEMA", 400],
    ["UNKNOWN_ACTION_TYPE", 400],
    ["UNKNOWN_BATCH", 404],
    ["BATCH_ALREADY_FINISHED", 409],
    ["ILLEGAL_JOB_TRANSITION", 409],
    ["STALE_ATTEMPT", 409],
  ])("%s is a %i with the error's own message", (code, status) => {
    expect(toErrorResponse(ours(code))).toStrictEqual({ status, body: { detail: "what happened" } });
  });

  test("every other code of ours is the server's own affair", () => {
    const forClients = ["INVALID_INPUT", "INVALID_TENANT_SCHEMA", "UNKNOWN_ACTION_TYPE", "UNKNOWN_BATCH"];
    const conflicts = ["BATCH_ALREADY_FINISHED", "ILLEGAL_JOB_TRANSITION", "STALE_ATTEMPT"];
    for (const code of errorCodes.filter((known) => ![...forClients, ...conflicts].includes(known))) {
      expect(toErrorResponse(ours(code))).toStrictEqual(internal);
    }
  });

  test("an error that may pass is a 503", () => {
    expect(toErrorResponse(ours("LOCK_TIMEOUT", true))).toStrictEqual({
      status: 503,
      body: { detail: "The server is busy; try again" },
    });
  });

  test("the name of the tenant's schema stays inside", () => {
    const tenant = 'user_7 of "x"';
    for (const [error, detail] of [
      [
        new IllegalJobTransitionError({ tenant, jobId: 17, status: "completed", transition: "cancel" }),
        "Job 17 is completed: it cannot be cancelled.",
      ],
      [
        new BatchAlreadyFinishedError({ tenant, batchId: "b", status: "failed", refused: "it cannot be cancelled" }),
        'Batch "b" is failed: it cannot be cancelled.',
      ],
      [new UnknownBatchError({ tenant, batchId: "b" }), 'There is no batch "b".'],
    ] as const) {
      expect(error.message).toContain("user_7");
      expect(toErrorResponse(error).body.detail).toBe(detail);
    }
  });

  test("a driver's text, code and detail never get out", () => {
    const driverError = Object.assign(
      new pg.DatabaseError('relation "user_1.marketplace_jobs" does not exist', 1, "error"),
      {
        code: "42P01",
        detail: "Key (id)=(17) …",
      },
    );
    expect(toErrorResponse(driverError)).toStrictEqual(internal);
    expect(toErrorResponse(new AggregateError([driverError], "connect ECONNREFUSED 10.0.0.7:5432"))).toStrictEqual(
      internal,
    );
  });

  test.each([
    [503, ["40001", "40P01", "55P03", "57014", "53300", "08006", "57P01", "57P03", "ECONNREFUSED", "ETIMEDOUT"]],
    [409, ["23503"]],
    [500, ["23505", "42P01", "42501", "28P01", "3D000", "XX000", "22P02", "ENOENT", 57_014]],
  ])("a driver's error is a %i by its code alone: %j", (status, codes) => {
    for (const code of codes) {
      const answer = toErrorResponse(Object.assign(new Error("secret"), { code }));
      expect(answer.status).toBe(status);
      expect(answer.body.detail).toMatch(
        /^(The server is busy; try again|Something that the request refers to does not exist|Internal server error)$/u,
      );
    }
  });

  test.each([undefined, null, "password", 17, {}, { code: "INVALID_INPUT", isRetryable: false, message: "forged" }])(
    "whatever is thrown has an answer: %j",
    (thrown) => {
      expect(toErrorResponse(thrown)).toStrictEqual(internal);
    },
  );

  test("input that a schema refuses is a 400 that names each mistake by its path", () => {
    const { error } = jobListQuery.safeParse({ limit: "0", colour: "secret" });
    expect(toErrorResponse(error)).toStrictEqual({
      status: 400,
      body: { detail: 'limit: Too small: expected number to be >=1; Unrecognized key: "colour"' },
    });
    const nested = z.strictObject({ product_ids: z.array(z.int()) }).safeParse({ product_ids: [1, "secret"] });
    expect(toErrorResponse(nested.error).body.detail).toBe(
      "product_ids[1]: Invalid input: expected number, received string",
    );
  });

  test("a request with thousands of mistakes gets a short answer", () => {
    const { error } = z.array(z.int()).safeParse(Array.from({ length: 5_000 }, () => "x"));
    const { detail } = toErrorResponse(error).body;
    expect(detail.length).toBeLessThan(1_000);
    expect(detail).toMatch(/^\[0\]: .* and 4990 more$/u);
  });

  test("an unknown action lists the known ones", () => {
    const error = new UnknownActionTypeError({
      marketplace: "vinted",
      actionCode: "publsh",
      known: [
        { marketplace: "ebay", code: "sync" },
        { marketplace: "vinted", code: "publish" },
      ],
    });
    expect(toErrorResponse(error).body.detail).toBe(
      'Marketplace "vinted" has no action type "publsh"; known are vinted/publish, ebay/sync.',
    );
  });

  test("what is not there is named", () => {
    expect(notFoundResponse("job", 17)).toStrictEqual({ status: 404, body: { detail: "Job 17 not found" } });
    expect(errorBody.parse(notFoundResponse("batch", "publish_1").body)).toEqual({
      detail: "Batch publish_1 not found",
    });
  });
});
