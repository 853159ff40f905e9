import { describe, expect, test } from "vitest";
import { goalChecks } from "../../../bench/page/goals.js";
import type { ResultTable } from "../../../bench/result-table.js";
import { comparisonTable, latencyTable } from "./measured-tables.js";

const batchOf200 = (setting: string, own: number, drizzle: number | null): ResultTable =>
  latencyTable(
    { name: "getJobsByBatchId, 200 jobs", setting },
    { "raw pg, the same SQL": 1, getJobsByBatchId: own, Drizzle: drizzle, Knex: 1.5, TypeORM: 2 },
  );

describe("a goal", () => {
  test("that nothing was measured for is left open", () => {
    expect(new Set(goalChecks([]).map(({ verdict }) => verdict))).toEqual(new Set(["not measured"]));
  });

  test("about a limit is met at the limit and missed above it", () => {
    expect(verdictOn(/^`getJobsByBatchId`.*driver/, [batchOf200("concurrency 1", 1.1, 1.2)])).toBe("met");
    expect(verdictOn(/^`getJobsByBatchId`.*driver/, [batchOf200("concurrency 1", 1.11, 1.2)])).toBe("not met");
  });

  test("is missed by a single table that misses it", () => {
    const tables = [batchOf200("concurrency 1", 1.05, 1.2), batchOf200("concurrency 8", 1.3, 1.4)];
    expect(verdictOn(/^`getJobsByBatchId`.*driver/, tables)).toBe("not met");
    expect(check(/^`getJobsByBatchId`.*driver/, tables)?.measured).toBe(
      "concurrency 1: 1.05 (0.95–1.16)<br>concurrency 8: 1.30 (1.17–1.43)",
    );
  });

  test("about peers is missed by one peer that is ahead", () => {
    expect(verdictOn(/Drizzle/, [batchOf200("concurrency 1", 1.05, 1.2)])).toBe("met");
    expect(verdictOn(/Drizzle/, [batchOf200("concurrency 1", 1.05, 1.04)])).toBe("not met");
  });

  test("about peers is left open by a peer that failed", () => {
    expect(verdictOn(/Drizzle/, [batchOf200("concurrency 1", 1.05, null)])).toBe("not measured");
  });

  test("about work compares hosts of peers that keep batches of the same size, and peers without batches apart", () => {
    const work = (others: Readonly<Record<string, number>>): ResultTable =>
      comparisonTable(
        { name: "claim and complete, 10 at a time", setting: "8 workers" },
        { "claimJobs and settleJobs, batches of 10": 1, "claimJobs and settleJobs, one batch": 1.2, ...others },
      );
    const hostWins = work({ "pg-boss, with batches of 10": 1.1, "pg-boss, with one batch": 1.1, "pg-boss, alone": 2 });
    expect(verdictOn(/itself.*pg-boss with batches/, [hostWins])).toBe("not met");
    expect(verdictOn(/itself.*pg-boss alone/, [hostWins])).toBe("met");
    const bothBehind = work({
      "pg-boss, with batches of 10": 1.1,
      "pg-boss, with one batch": 1.3,
      "pg-boss, alone": 1,
    });
    expect(verdictOn(/itself.*pg-boss with batches/, [bothBehind])).toBe("met");
    expect(check(/itself.*pg-boss with batches/, [bothBehind])?.measured).toBe("1.08–1.10 × as quick");
    expect(verdictOn(/itself.*pg-boss alone/, [bothBehind])).toBe("not met");
  });

  test("about work tells a host with the same tables from one with tables as lean as batches take", () => {
    const work = comparisonTable(
      { name: "claim and complete, 10 at a time", setting: "8 workers" },
      {
        "claimJobs and settleJobs, batches of 10": 1,
        "claimJobs and settleJobs, one batch": 1.2,
        "pg-boss, with batches of 10": 0.8,
        "pg-boss, with one batch": 1.3,
        "pg-boss, on the same tables, batches of 10": 1.1,
        "pg-boss, on the same tables, one batch": 1.3,
      },
    );
    expect(verdictOn(/itself.*pg-boss on the same tables/, [work])).toBe("met");
    expect(verdictOn(/itself.*pg-boss with batches/, [work])).toBe("not met");
  });

  test("about work holds for the one batch that all workers share, too", () => {
    const work = (oneBatch: number): ResultTable =>
      comparisonTable(
        { name: "claim and complete, 10 at a time", setting: "8 workers" },
        {
          "claimJobs and settleJobs, batches of 10": 1,
          "claimJobs and settleJobs, one batch": oneBatch,
          "pg-boss, fetch and complete": 1.2,
          "graphile-worker, default": 1.5,
        },
      );
    expect(verdictOn(/^Claiming and completing.*itself.*pg-boss alone/, [work(1.1)])).toBe("met");
    expect(verdictOn(/^Claiming and completing.*itself.*pg-boss alone/, [work(1.3)])).toBe("not met");
    expect(verdictOn(/^Claiming and completing.*itself.*graphile-worker alone/, [work(1.3)])).toBe("met");
  });

  test("about work judges calls that go together apart from those that do not", () => {
    const work = comparisonTable(
      { name: "claim and complete, one at a time", setting: "8 workers" },
      {
        "claimJobs and completeJob, batches of 10": 1,
        "claimJobs and completeJob, prepared, coalesceJobCalls, batches of 10": 0.2,
        "pg-boss, fetch and complete": 0.5,
      },
    );
    expect(verdictOn(/^Claiming and completing.*by itself.*pg-boss alone/, [work])).toBe("not met");
    expect(verdictOn(/^Claiming and completing.*together.*pg-boss alone/, [work])).toBe("met");
  });

  test("about work holds workers that ask ahead against peers that do so, in tables of their own", () => {
    const inTurn = comparisonTable(
      { name: "claim and complete, one at a time", setting: "8 workers, 3,000 jobs" },
      {
        "claimJobs and completeJob, prepared, coalesceJobCalls, batches of 10": 0.2,
        "graphile-worker, default": 0.4,
      },
    );
    const ahead = comparisonTable(
      { name: "claim and complete, asking ahead, one at a time", setting: "8 workers, 10,000 jobs" },
      {
        "claimJobs and settleJobs, prepared, coalesceJobCalls, 5 turns ahead, batches of 10": 0.1,
        "pg-boss, fetch and complete": 0.5,
        "graphile-worker, local queue of 40, as many ahead": 0.05,
      },
    );
    const tables = [inTurn, ahead];
    expect(verdictOn(/^Claiming and completing, the calls.*graphile-worker alone/, tables)).toBe("met");
    expect(verdictOn(/^Claiming and completing.*asking ahead.*graphile-worker alone/, tables)).toBe("not met");
    expect(verdictOn(/^Claiming and completing.*asking ahead.*pg-boss alone/, tables)).toBe("met");
    expect(verdictOn(/^Claiming and completing.*asking ahead.*pg-boss alone/, [inTurn])).toBe("not measured");
  });

  test("about a sync of ten thousand tenants is not judged by fewer", () => {
    const noOp = (tenants: number): ResultTable =>
      comparisonTable({ name: "sync, nothing pending", tenants }, { "raw pg": 1, syncTenantSchemas: 1.4 });
    expect(verdictOn(/10,000 tenants/, [noOp(1_000)])).toBe("not measured");
    expect(verdictOn(/10,000 tenants/, [noOp(1_000), noOp(10_000)])).toBe("met");
  });

  test("about applying counts every number of tenants and pending migrations", () => {
    const apply = (pending: number, ratio: number): ResultTable =>
      comparisonTable({ name: `sync, ${pending} pending`, tenants: 100 }, { "raw pg": 1, syncTenantSchemas: ratio });
    expect(verdictOn(/^Applying/, [apply(1, 1.1), apply(5, 1.15)])).toBe("met");
    expect(verdictOn(/^Applying/, [apply(1, 1.2), apply(5, 1.15)])).toBe("not met");
  });
});

function check(goal: RegExp, tables: readonly ResultTable[]): ReturnType<typeof goalChecks>[number] | undefined {
  return goalChecks(tables).find((one) => goal.test(one.goal));
}

function verdictOn(goal: RegExp, tables: readonly ResultTable[]): string | undefined {
  return check(goal, tables)?.verdict;
}
