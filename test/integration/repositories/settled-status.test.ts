import { sql } from "kysely";
import { describe, expect } from "vitest";
import { forTenant, type JobOutcome, type MarketplaceJob } from "../../../src/index.js";
import { coalescedTest as test } from "./coalesced-fixture.js";
import { firstStatementOf } from "./statement-plan.js";

const UNKNOWN = 2_000_000_000;

/** One of each thing that may come of a job; the last two are refused. */
function everyOutcome(jobs: readonly MarketplaceJob[]): JobOutcome[] {
  const [done, doneWithResult, again, failed, cancelled, lost] = jobs;
  return [
    { job: cancelled!, outcome: "cancelled" },
    { job: done!, outcome: "completed" },
    { job: failed!, outcome: "failed", error: "not allowed", retry: false },
    { job: doneWithResult!, outcome: "completed", resultData: { listingId: "4711" } },
    { job: again!, outcome: "failed", error: new Error("429"), retryAfterMs: 1_000 },
    { job: { id: lost!.id, attempt: 7 }, outcome: "completed" },
    { job: UNKNOWN, outcome: "completed" },
  ];
}

describe("outcomes whose statuses alone are asked for", () => {
  test("are told by id and status, in the order given, with all that is refused", async ({ claimed, jobs }) => {
    const all = await claimed(6);
    const [done, doneWithResult, again, failed, cancelled, lost] = all.map(({ id }) => id);
    await jobs.cancelJob(cancelled!);
    expect(await jobs.settleJobs(everyOutcome(all), { returning: "status" })).toEqual({
      settled: [
        { id: cancelled, status: "cancelled" },
        { id: done, status: "completed" },
        { id: failed, status: "failed" },
        { id: doneWithResult, status: "completed" },
        { id: again, status: "pending" },
      ],
      rejected: [
        { id: lost, reason: "STALE_ATTEMPT", status: "running" },
        { id: UNKNOWN, reason: "UNKNOWN_JOB", status: null },
      ],
      finishedBatches: [],
    });
  });

  test("do to jobs, batches and statistics what whole answers do", async ({ claimed, jobs, db, table }) => {
    const rowsAfter = async (returning: "job" | "status"): Promise<unknown> => {
      const all = await claimed(6);
      const batch = all[0]!.batchJobId!;
      await jobs.cancelJob(all[4]!.id);
      const before = await countedStats();
      await jobs.settleJobs(everyOutcome(all), { returning });
      const [counters, stored] = await Promise.all([
        sql`select status, completed_count, failed_count, cancelled_count, completed_at
          from ${table("batch_jobs")} where id = ${batch}`.execute(db),
        sql`select product_id, status, result_data, error_message, retry_count, attempt,
            lease_expires_at is null as is_unheld, started_at is null as is_unstarted, completed_at is null as is_open, run_at > now() as is_deferred
          from ${table("marketplace_jobs")} where batch_job_id = ${batch} order by product_id`.execute(db),
      ]);
      const after = await countedStats();
      return { counters: counters.rows, stored: stored.rows, counted: after.map((count, at) => count - before[at]!) };
    };
    const countedStats = async (): Promise<number[]> => {
      const { rows } = await sql<Record<"total" | "success" | "failure", number>>`
        select coalesce(sum(total_jobs), 0)::integer as total, coalesce(sum(success_count), 0)::integer as success,
          coalesce(sum(failure_count), 0)::integer as failure
        from ${table("marketplace_job_stats")}`.execute(db);
      return [rows[0]!.total, rows[0]!.success, rows[0]!.failure];
    };
    const whole = await rowsAfter("job");
    expect(whole).toMatchObject({ counted: [3, 2, 1], counters: [{ status: "running", completed_count: 2 }] });
    expect(await rowsAfter("status")).toEqual(whole);
  });

  test("tell the batch that they finished, whole and once", async ({ claimed, jobs, batches }) => {
    const [first, second] = await claimed(2);
    const outcomes = [first!, second!].map((job) => ({ job, outcome: "completed" as const }));
    const { finishedBatches } = await jobs.settleJobs(outcomes, { returning: "status" });
    expect(finishedBatches).toEqual([await batches.getBatch(first!.batchJobId!)]);
    expect(finishedBatches).toMatchObject([{ status: "completed", completedCount: 2 }]);
    const again = await jobs.settleJobs(outcomes, { returning: "status" });
    expect(again).toMatchObject({ settled: [], finishedBatches: [], rejected: [{}, {}] });
  });

  test("have nothing of the jobs sent back but what is told", async ({ schema }) => {
    const textOf = async (returning: "job" | "status"): Promise<string> => {
      const outcome = { job: 1, outcome: "completed" } as const;
      return (await firstStatementOf((on) => forTenant(on, schema).jobs.settleJobs([outcome], { returning }))).sql;
    };
    expect(await textOf("job")).toContain("m.input_data");
    expect(await textOf("status")).not.toContain("input_data");
  });

  test("are left as they are by a trigger of the host's, and told so", async ({
    claimed,
    jobs,
    triggerOnCompletion,
  }) => {
    const [kept, moved] = await claimed(2);
    await triggerOnCompletion(kept!.productId!, "return null");
    expect(
      await jobs.settleJobs(
        [kept!, moved!].map((job) => ({ job, outcome: "completed" })),
        { returning: "status" },
      ),
    ).toEqual({
      settled: [{ id: moved!.id, status: "completed" }],
      rejected: [{ id: kept!.id, reason: "ILLEGAL_JOB_TRANSITION", status: "running" }],
      finishedBatches: [],
    });
  });

  test("go together with calls that want whole jobs: each gets what it asked for", async ({
    calls,
    claimed,
    statements,
  }) => {
    const [one, two, three] = await claimed(3);
    const { result, ...sent } = await statements.during(() =>
      Promise.all([
        calls.settleJobs([{ job: one!, outcome: "completed" }], { returning: "status" }),
        calls.settleJobs([{ job: two!, outcome: "completed" }]),
        calls.completeJob(three!),
      ]),
    );
    expect(sent.statements).toBe(1);
    const [status, whole, single] = result;
    expect(status.settled).toEqual([{ id: one!.id, status: "completed" }]);
    expect(whole.settled).toMatchObject([{ id: two!.id, productId: two!.productId, status: "completed" }]);
    expect(single).toMatchObject({ job: { id: three!.id, productId: three!.productId }, finishedBatch: {} });
  });

  test("go together among themselves, and are told to whom they belong", async ({ calls, claimed, statements }) => {
    const all = await claimed(8);
    const { result, ...sent } = await statements.during(() =>
      Promise.all(all.map((job) => calls.settleJobs([{ job, outcome: "completed" }], { returning: "status" }))),
    );
    expect(sent.statements).toBe(1);
    expect(result.map(({ settled }) => settled)).toEqual(all.map(({ id }) => [{ id, status: "completed" }]));
    expect(result.map(({ finishedBatches }) => finishedBatches.length)).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  });
});
