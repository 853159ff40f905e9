import { describe, expect } from "vitest";
import { coalesceJobCalls, type JobOutcome, type MarketplaceJob, MarketplaceJobsError } from "../../../src/index.js";
import { coalescedTest as test, waitingSessions } from "./coalesced-fixture.js";

const WORKERS = 8;

const completions = (jobs: readonly MarketplaceJob[]): JobOutcome[] =>
  jobs.map((job) => ({ job, outcome: "completed" }));

/** What each worker has in hand, of so many jobs at a time. */
const shares = (jobs: readonly MarketplaceJob[], size: number): MarketplaceJob[][] =>
  Array.from({ length: Math.ceil(jobs.length / size) }, (_, worker) => jobs.slice(worker * size, (worker + 1) * size));

describe("calls of one turn that are of many hundred jobs", () => {
  test("are two claims at once, of which nobody gets a job twice", async ({ batches, calls, statements }) => {
    const productIds = Array.from({ length: WORKERS * 50 }, (_, index) => index + 1);
    await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds });
    const { result, ...sent } = await statements.during(() =>
      Promise.all(Array.from({ length: WORKERS }, () => calls.claimJobs({ marketplace: "vinted", limit: 50 }))),
    );
    expect(sent.statements).toBe(2);
    expect(result.map(({ length }) => length)).toEqual(Array.from({ length: WORKERS }, () => 50));
    expect(new Set(result.flat().map(({ id }) => id)).size).toBe(WORKERS * 50);
  });

  test("are two settling statements at once, and one caller hears that the batch is done", async ({
    batches,
    calls,
    claimed,
    statements,
  }) => {
    const jobs = await claimed(WORKERS * 50);
    const { result, ...sent } = await statements.during(() =>
      Promise.all(shares(jobs, 50).map((share) => calls.settleJobs(completions(share), { returning: "status" }))),
    );
    expect(sent.statements).toBe(2);
    expect(result.flatMap(({ settled }) => settled.map(({ id }) => id))).toEqual(jobs.map(({ id }) => id));
    expect(result.flatMap(({ finishedBatches }) => finishedBatches)).toMatchObject([
      { completedCount: jobs.length, status: "completed" },
    ]);
    expect(await batches.auditBatches()).toEqual([]);
  });

  test("are divided without those that have to wait for them", async ({ calls, claimed, statements }) => {
    const jobs = await claimed(WORKERS * 50);
    const settled = (): Promise<unknown>[] => shares(jobs, 50).map((share) => calls.settleJobs(completions(share)));
    const sent = await statements.during(() => Promise.all([...settled(), ...settled()]));
    // With those that wait counted, all that may be sent would be one half, and go in one statement: three in all.
    expect(sent.statements).toBeGreaterThan(3);
  });

  test("are as many as the option allows, each of a hundred jobs at least", async ({ claimed, jobs, statements }) => {
    const claims = await claimed(WORKERS * 50);
    const calls = coalesceJobCalls(jobs, { concurrency: 6 });
    const sent = await statements.during(() =>
      Promise.all(shares(claims, 50).map((share) => calls.settleJobs(completions(share)))),
    );
    expect(sent.statements).toBe(4);
  });
});

test("calls of fewer than two hundred jobs stay in one statement", async ({ calls, claimed, statements }) => {
  const jobs = await claimed(190);
  const sent = await statements.during(() =>
    Promise.all(shares(jobs, 10).map((share) => calls.settleJobs(completions(share)))),
  );
  expect(sent.statements).toBe(1);
});

describe("beside a statement that waits for a lock", () => {
  test("a hundred jobs go in one of their own, but no call of a job that is in the first", async ({
    calls,
    claimed,
    hold,
    statements,
  }) => {
    const [held, other, ...others] = await claimed(120);
    const letGo = await hold(held);
    const sent = await statements.during(async () => {
      const first = calls.completeJob(held!);
      await new Promise(setImmediate);
      const second = calls.failJob(held!, "too late").catch((error: unknown) => error);
      // Behind the call that waits, as it names a job of it.
      const third = calls.settleJobs(completions([held!, other!]));
      const many = await Promise.all(shares(others, 10).map((share) => calls.settleJobs(completions(share))));
      expect(many.flatMap(({ settled }) => settled)).toHaveLength(others.length);
      await letGo();
      expect((await first)?.job.status).toBe("completed");
      expect(await second).toBeInstanceOf(MarketplaceJobsError);
      expect(await second).toMatchObject({ code: "ILLEGAL_JOB_TRANSITION", details: { status: "completed" } });
      expect(await third).toMatchObject({
        settled: [{ id: other!.id }],
        rejected: [{ id: held!.id, status: "completed" }],
      });
    });
    // The held job, the many, what is told too late of it, and the call behind that.
    expect(sent.texts.filter((text) => text.includes("batch_locked"))).toHaveLength(4);
  });

  test("few wait for it, however many cannot go before it", async ({ db, calls, claimed, hold }) => {
    const [held, one, ...others] = await claimed(110);
    const letGo = await hold(held, one);
    const settled: Promise<unknown>[] = [calls.completeJob(held!)];
    const first = await waitingSessions(db);
    settled.push(calls.settleJobs(completions([held!, ...others])), calls.completeJob(one!));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await waitingSessions(db)).toEqual(first);
    await letGo();
    await Promise.all(settled);
  });

  test("fewer wait for it", async ({ calls, claimed, hold, statements }) => {
    const [held, ...others] = await claimed(90);
    const letGo = await hold(held);
    const sent = await statements.during(async () => {
      const settled = [calls.settleJobs(completions([held!]))];
      await new Promise(setImmediate);
      settled.push(...shares(others, 10).map((share) => calls.settleJobs(completions(share))));
      await new Promise((resolve) => setTimeout(resolve, 50));
      await letGo();
      await Promise.all(settled);
    });
    expect(sent.texts.filter((text) => text.includes("batch_locked"))).toHaveLength(2);
  });
});
