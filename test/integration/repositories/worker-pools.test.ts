import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { describe, expect } from "vitest";
import { type CoalescedJobCalls, coalesceJobCalls } from "../../../src/repositories/coalesce-job-calls.js";
import { forTenant, type TenantRepositories } from "../../../src/repositories/for-tenant.js";
import { withPreparedStatements } from "../../../src/repositories/with-prepared-statements.js";
import { tenantTest } from "./tenant-fixture.js";

const WORKERS = 8;
const JOBS = 2_000;

const layouts = [
  { name: "one batch of two thousand", batches: 1 },
  { name: "two hundred batches of ten", batches: 200 },
] as const;

const test = tenantTest.extend("preparing", async ({ database }, { onCleanup }) => {
  const pool = new pg.Pool({ connectionString: database.url, max: WORKERS });
  const preparing = new Kysely<any>({ dialect: new PostgresDialect({ pool: withPreparedStatements(pool) }) });
  onCleanup(() => preparing.destroy());
  return preparing;
});

const ways = [
  { way: "each by itself", callsOf: (_: Kysely<any>, { jobs }: TenantRepositories): CoalescedJobCalls => jobs },
  {
    way: "with their calls together, prepared",
    callsOf: (preparing: Kysely<any>, _: TenantRepositories, schema: string): CoalescedJobCalls =>
      coalesceJobCalls(forTenant(preparing, schema).jobs),
  },
] as const;

describe.each(layouts.flatMap((layout) => ways.map((way) => ({ ...layout, ...way }))))(
  "eight workers on $name, $way",
  ({ batches: count, callsOf }) => {
    test("do each job exactly once, keep the counters exact, and hear of each end once", async ({
      tenant,
      stats,
      preparing,
      schema,
    }) => {
      const calls = callsOf(preparing, tenant, schema);
      for (let number = 0; number < count; number += 1) {
        const productIds = Array.from({ length: JOBS / count }, (_, index) => index + 1);
        await tenant.batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds });
      }
      const done: number[] = [];
      const ended: string[] = [];
      await Promise.all(Array.from({ length: WORKERS }, (_, index) => work(calls, index, done, ended)));

      expect(done.length).toBe(JOBS);
      expect(new Set(done).size).toBe(JOBS);
      expect(ended.length).toBe(count);
      expect(new Set(ended).size).toBe(count);
      expect(await tenant.batches.auditBatches()).toEqual([]);
      expect(await tenant.jobs.countJobsByStatus()).toMatchObject({ completed: JOBS, pending: 0, running: 0 });
      const [today] = await stats.getDailyStats({ days: 2 });
      expect(today).toMatchObject({ totalJobs: JOBS, successCount: JOBS, failureCount: 0 });
    });
  },
);

/** Half of the workers take one job at a time, half of them a handful that they settle together. */
async function work(jobs: CoalescedJobCalls, index: number, done: number[], ended: string[]): Promise<void> {
  const limit = index % 2 === 0 ? 1 : 10;
  for (;;) {
    const claimed = await jobs.claimJobs({ marketplace: "vinted", limit });
    const [first] = claimed;
    if (first === undefined) return;
    if (limit === 1) {
      const settled = await jobs.completeJob(first);
      done.push(first.id);
      if (settled?.finishedBatch !== undefined) ended.push(settled.finishedBatch.batchId);
    } else {
      const { settled, rejected, finishedBatches } = await jobs.settleJobs(
        claimed.map((job) => ({ job, outcome: "completed" })),
      );
      expect(rejected).toEqual([]);
      done.push(...settled.map(({ id }) => id));
      ended.push(...finishedBatches.map(({ batchId }) => batchId));
    }
  }
}
