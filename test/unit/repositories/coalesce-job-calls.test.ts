import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import { describe, expect, test } from "vitest";
import { coalesceJobCalls, DEFAULT_CALL_CONCURRENCY, forTenant } from "../../../src/index.js";

const db = new Kysely<any>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
const { jobs, batches } = forTenant(db, "user_1");

describe("coalesceJobCalls", () => {
  test("gives the five methods by which a worker comes to its jobs and settles them", () => {
    const methods = ["acknowledgeCancel", "claimJobs", "completeJob", "failJob", "settleJobs"];
    expect(Object.keys(coalesceJobCalls(jobs)).toSorted()).toEqual(methods);
    expect(Object.keys(coalesceJobCalls(jobs, { concurrency: DEFAULT_CALL_CONCURRENCY })).toSorted()).toEqual(methods);
  });

  test.each([{ concurrency: 0 }, { concurrency: 1.5 }, { concurrency: 101 }, { delayMs: 5 }, "fast", null])(
    "refuses the options %j",
    (options) => {
      expect(() => coalesceJobCalls(jobs, options as never)).toThrow(
        expect.objectContaining({ code: "INVALID_OPTIONS", name: "InvalidInputError" }),
      );
    },
  );

  test.each([
    ["nothing", undefined],
    ["a Kysely", db],
    ["all repositories of a tenant", forTenant(db, "user_1")],
    ["the batches of a tenant", batches],
    ["calls that go together already", coalesceJobCalls(jobs)],
  ])("refuses %s in place of a repository of jobs, and says what to pass", (_, repository) => {
    expect(() => coalesceJobCalls(repository as never)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", hint: "Pass forTenant(db, schema).jobs." }),
    );
  });

  test("refuses malformed input without sending anything, by a rejection as the repository does", async () => {
    const call = coalesceJobCalls(jobs).claimJobs({ marketplace: "vinted", limit: 0 });
    await expect(call).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});
