import { AsyncLocalStorage } from "node:async_hooks";
import { Kysely, PostgresDialect } from "kysely";
import { describe, expect } from "vitest";
import { coalesceJobCalls, forTenant, type MarketplaceJob, MarketplaceJobsError } from "../../../src/index.js";
import { coalescedTest as test } from "./coalesced-fixture.js";

const WORKERS = 8;

const productsOf = (jobs: readonly MarketplaceJob[]): unknown[] => jobs.map(({ productId }) => productId);

/** What a caller sees of an error. */
function seen(error: unknown): unknown {
  if (!(error instanceof MarketplaceJobsError)) throw error;
  const { name, code, message, hint, tenant, details } = error;
  return { name, code, message, hint, tenant, details };
}

const refusalOf = (call: Promise<unknown>): Promise<unknown> => call.then(() => "done", seen);

describe("claims of one turn", () => {
  test("are one statement, which hands out distinct jobs, the most urgent to who asked first", async ({
    batches,
    calls,
    statements,
  }) => {
    for (const priority of [3, 1, 2, 4]) {
      const productIds = [10 * priority, 10 * priority + 1];
      await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds, priority });
    }
    const { result, ...sent } = await statements.during(() =>
      Promise.all(Array.from({ length: WORKERS }, () => calls.claimJobs({ marketplace: "vinted", limit: 1 }))),
    );
    expect(sent).toMatchObject({ statements: 1, roundTrips: 1 });
    expect(result.map(productsOf)).toEqual([[10], [11], [20], [21], [30], [31], [40], [41]]);
  });

  test("give no caller more than its limit, and nothing to who came too late", async ({ batches, calls }) => {
    await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds: [1, 2, 3, 4] });
    const claims = await Promise.all([2, 1, 3, 1].map((limit) => calls.claimJobs({ marketplace: "vinted", limit })));
    expect(claims.map(productsOf)).toEqual([[1, 2], [3], [4], []]);
  });

  test("for other jobs or another lease are statements of their own", async ({ batches, calls, statements }) => {
    for (const marketplace of ["vinted", "ebay"]) {
      await batches.createBatch({ marketplace, actionCode: "publish", productIds: [1, 2, 3, 4] });
    }
    const { result, ...sent } = await statements.during(() =>
      Promise.all([
        calls.claimJobs({ marketplace: "vinted", limit: 1 }),
        calls.claimJobs({ marketplace: "ebay", limit: 1 }),
        calls.claimJobs({ marketplace: ["vinted"], limit: 1 }),
        calls.claimJobs({ marketplace: "vinted", limit: 1, leaseMs: 60_000 }),
        calls.claimJobs({ marketplace: ["ebay", "vinted"], limit: 1 }),
        calls.claimJobs({ marketplace: ["vinted", "ebay"], limit: 1 }),
      ]),
    );
    expect(sent.statements).toBe(4);
    expect(new Set(result.flat().map(({ id }) => id)).size).toBe(6);
    expect(result.map(([job]) => job?.marketplace).slice(0, 4)).toEqual(["vinted", "ebay", "vinted", "vinted"]);
    const leaseOf = ([job]: readonly MarketplaceJob[]): number =>
      job!.leaseExpiresAt!.getTime() - job!.startedAt!.getTime();
    expect(leaseOf(result[3])).toBe(60_000);
    expect(leaseOf(result[2])).toBe(600_000);
  });

  test("for more than a thousand jobs are several statements", async ({ batches, calls, statements }) => {
    const productIds = Array.from({ length: 1_600 }, (_, index) => index + 1);
    await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds });
    const { result, ...sent } = await statements.during(() =>
      Promise.all([600, 600, 400].map((limit) => calls.claimJobs({ marketplace: "vinted", limit }))),
    );
    expect(sent.statements).toBe(2);
    expect(result.map(({ length }) => length)).toEqual([600, 600, 400]);
  });
});

describe("outcomes of one turn", () => {
  test("of eight workers on one batch are one statement, and one of them hears that the batch is done", async ({
    batches,
    calls,
    claimed,
    statements,
    stats,
  }) => {
    const jobs = await claimed(WORKERS);
    const { result, ...sent } = await statements.during(() =>
      Promise.all(jobs.map((job) => calls.completeJob(job, { product: job.productId }))),
    );
    expect(sent).toMatchObject({ statements: 1, roundTrips: 1 });
    expect(result.map((settled) => settled?.job)).toMatchObject(
      jobs.map(({ id, productId }) => ({ id, status: "completed", resultData: { product: productId } })),
    );
    const told = result.map((settled) => settled?.finishedBatch?.completedCount);
    expect(told).toEqual([...Array.from({ length: WORKERS - 1 }, () => undefined), WORKERS]);
    expect(result.map((settled) => "finishedBatch" in settled!)).toEqual(told.map((count) => count !== undefined));
    expect(await batches.auditBatches()).toEqual([]);
    expect(await stats.getDailyStats({ days: 1 })).toMatchObject([{ totalJobs: WORKERS, successCount: WORKERS }]);
  });

  test("tell of a batch to the last whose job ended, not to one who tries again or is of another", async ({
    calls,
    claimed,
    jobs,
  }) => {
    const [first, second] = await claimed(2);
    const [other, another] = await claimed(2);
    const { job: single } = await jobs.createJob({ marketplace: "vinted", actionCode: "publish" });
    const [alone] = await jobs.claimJobs({ marketplace: "vinted", limit: 1 });
    expect(alone?.id).toBe(single.id);
    const [done, both, again, none] = await Promise.all([
      calls.completeJob(first!),
      calls.settleJobs([
        { job: second!, outcome: "failed", error: "refused", retry: false },
        { job: other!, outcome: "completed" },
      ]),
      calls.failJob(another!, "busy"),
      calls.completeJob(alone!),
    ]);
    expect(done).not.toHaveProperty("finishedBatch");
    expect(both.finishedBatches).toMatchObject([{ id: first?.batchJobId, completedCount: 1, failedCount: 1 }]);
    expect(again).not.toHaveProperty("finishedBatch");
    expect(again?.job).toMatchObject({ status: "pending", retryCount: 1, errorMessage: "busy" });
    expect(none).not.toHaveProperty("finishedBatch");
  });

  test("give each caller what the repository's own method would, its error too", async ({
    calls,
    claimed,
    jobs,
    statements,
  }) => {
    const [good, stale, idle, unasked, bare] = await claimed(5);
    await jobs.failJob(idle!, "refused", { retry: false });
    const lost = { id: stale!.id, attempt: 7 };
    const own = await Promise.all([
      refusalOf(jobs.completeJob(lost)),
      refusalOf(jobs.failJob(idle!, "late")),
      refusalOf(jobs.acknowledgeCancel(unasked!)),
    ]);
    const unknown = 2_000_000_000;
    const { result, ...sent } = await statements.during(() =>
      Promise.all([
        refusalOf(calls.completeJob(lost)),
        refusalOf(calls.failJob(idle!, "late")),
        refusalOf(calls.acknowledgeCancel(unasked!)),
        calls.completeJob(unknown),
        calls.completeJob(good!),
        calls.failJob(bare!.id, new Error("refused"), { retry: false }),
      ]),
    );
    expect(sent.statements).toBe(1);
    expect(result.slice(0, 3)).toEqual(own);
    expect(own).toMatchObject([
      { name: "StaleAttemptError" },
      { name: "IllegalJobTransitionError", details: { status: "failed", transition: "fail" } },
      { name: "IllegalJobTransitionError", details: { status: "running", transition: "acknowledgeCancel" } },
    ]);
    expect(result.slice(3)).toMatchObject([
      undefined,
      { job: { id: good!.id, status: "completed" } },
      { job: { id: bare!.id, status: "failed", errorMessage: "refused" } },
    ]);
    expect((await jobs.getJob(stale!.id))?.status).toBe("running");
  });

  test("keep the order of a call of many, and what is refused of it", async ({ calls, claimed, jobs, statements }) => {
    const [one, two, three, four] = await claimed(4);
    await jobs.completeJob(two!);
    const unknown = 2_000_000_000;
    const { result, ...sent } = await statements.during(() =>
      Promise.all([
        calls.settleJobs([
          { job: four!, outcome: "completed" },
          { job: unknown, outcome: "completed" },
          { job: one!, outcome: "failed", error: "busy" },
          { job: two!, outcome: "completed" },
        ]),
        calls.completeJob(three!),
      ]),
    );
    expect(sent.statements).toBe(1);
    const [many] = result;
    expect(many.settled.map(({ id, status }) => ({ id, status }))).toEqual([
      { id: four!.id, status: "completed" },
      { id: one!.id, status: "pending" },
    ]);
    expect(many.rejected).toEqual([
      { id: unknown, reason: "UNKNOWN_JOB", status: null },
      { id: two!.id, reason: "ILLEGAL_JOB_TRANSITION", status: "completed" },
    ]);
    expect(many.finishedBatches).toEqual([]);
  });

  test("of the same job wait for each other: the second hears what the first has made of it", async ({
    calls,
    claimed,
    statements,
  }) => {
    const [job, other] = await claimed(2);
    const { result, ...sent } = await statements.during(() =>
      Promise.all([
        calls.completeJob(other!),
        calls.failJob(job!, "refused", { retry: false }),
        refusalOf(calls.completeJob(job!)),
      ]),
    );
    expect(sent.statements).toBe(2);
    expect(result[1]?.job.status).toBe("failed");
    expect(result[2]).toMatchObject({ code: "ILLEGAL_JOB_TRANSITION", details: { status: "failed" } });
  });

  test("are those of the moment of the call, whatever becomes of what was handed in", async ({
    calls,
    claimed,
    jobs,
  }) => {
    const [first, second] = await claimed(2);
    const data = { listingId: "4711" };
    const settled = Promise.all([calls.completeJob(first!, data), calls.completeJob(second!)]);
    data.listingId = "changed";
    await settled;
    expect((await jobs.getJob(first!.id))?.resultData).toEqual({ listingId: "4711" });
  });
});

test("a call that is alone is the statement that the repository's own method sends", async ({
  calls,
  jobs,
  claimed,
  statements,
}) => {
  const [first, second] = await claimed(2);
  const own = await statements.during(() => jobs.completeJob(first!, { done: true }));
  const alone = await statements.during(() => calls.completeJob(second!, { done: true }));
  expect(alone.texts).toEqual(own.texts);
  expect(alone.result).toMatchObject({ job: { status: "completed" }, finishedBatch: { completedCount: 2 } });
});

test("calls that come while a statement is under way go together in the next", async ({
  calls,
  claimed,
  hold,
  statements,
}) => {
  const [held, ...others] = await claimed(WORKERS + 1);
  const letGo = await hold(held);
  const sent = await statements.during(async () => {
    const settled = [calls.completeJob(held!)];
    for (const job of others) {
      await new Promise(setImmediate);
      settled.push(calls.completeJob(job));
    }
    await letGo();
    await Promise.all(settled);
  });
  expect(sent.texts.filter((text) => text.includes("decided"))).toHaveLength(2);
});

test("a statement is sent in the name of the first who called, and a call alone in its own", async ({
  pool,
  claimed,
  schema,
}) => {
  const caller = new AsyncLocalStorage<string>();
  const senders: (string | undefined)[] = [];
  const db = new Kysely<any>({
    dialect: new PostgresDialect({ pool }),
    log: () => void senders.push(caller.getStore()),
  });
  const calls = coalesceJobCalls(forTenant(db, schema).jobs);
  const [first, second, third, fourth] = await claimed(4);
  const completeAs = (name: string, job: MarketplaceJob | undefined): Promise<unknown> =>
    caller.run(name, () => calls.completeJob(job!));
  const underWay = completeAs("alone", first);
  await new Promise(setImmediate);
  await Promise.all([underWay, completeAs("first", second), completeAs("second", third)]);
  await completeAs("last", fourth);
  expect(senders).toEqual(["alone", "first", "last"]);
});
