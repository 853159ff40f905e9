import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { describe, expect } from "vitest";
import { coalesceJobCalls, forTenant } from "../../../src/index.js";
import { tenantTest } from "./tenant-fixture.js";

const { INT4: INTEGER, FLOAT8: DOUBLE_PRECISION, TIMESTAMPTZ } = pg.types.builtins;
const vinted = { marketplace: "vinted", actionCode: "publish" };

/** The tenant over a driver of which the host took one type's parser away. */
const test = tenantTest.extend("asText", ({ database, schema }) => {
  return async <Result>(
    type: typeof TIMESTAMPTZ,
    use: (jobs: ReturnType<typeof forTenant>["jobs"]) => Promise<Result>,
  ): Promise<Result> => {
    const types: pg.CustomTypesConfig = {
      getTypeParser: (id, format) => (id === type ? (value: unknown) => value : pg.types.getTypeParser(id, format)),
    };
    const pool = new pg.Pool({ connectionString: database.url, max: 4, types });
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    try {
      return await use(forTenant(db, schema).jobs);
    } finally {
      await db.destroy();
    }
  };
});

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "done",
    (error: unknown) => (error as { readonly code?: unknown }).code,
  );

describe("a driver whose parser for a type was taken away", () => {
  test("times that come as text are read, and several claimed jobs are in order", async ({ jobs, batches, asText }) => {
    const { batch } = await batches.createBatch({ ...vinted, productIds: [1, 2, 3, 4] });
    for (const type of [DOUBLE_PRECISION, TIMESTAMPTZ]) {
      const claimed = await asText(type, (own) => own.claimJobs({ marketplace: "vinted", limit: 2 }));
      const [first, second] = claimed;
      expect([await jobs.getJob(first!.id), await jobs.getJob(second!.id)]).toEqual(claimed);
      expect(first!.id).toBeLessThan(second!.id);
    }
    const listed = await asText(DOUBLE_PRECISION, (own) => own.getJobsByBatchId(batch.batchId));
    expect(listed).toEqual(await jobs.getJobsByBatchId(batch.batchId));
  });

  test("integers that come as text are refused, by themselves and together, and nobody waits for ever", async ({
    jobs,
    batches,
    asText,
  }) => {
    await batches.createBatch({ ...vinted, productIds: [1, 2, 3] });
    const [first, ...others] = await jobs.claimJobs({ marketplace: "vinted", limit: 3 });
    await asText(INTEGER, async (own) => {
      expect(await codeOf(own.completeJob(first!))).toBe("INVALID_ROW");
      const calls = coalesceJobCalls(own);
      const codes = await Promise.all(others.map((job) => codeOf(calls.completeJob(job))));
      expect(codes).toEqual(["INVALID_ROW", "INVALID_ROW"]);
      // The next one finds the statement free.
      expect(await codeOf(calls.completeJob(first!))).toBe("ILLEGAL_JOB_TRANSITION");
    });
    expect(await jobs.countJobsByStatus()).toMatchObject({ completed: 3 });
  });
});
