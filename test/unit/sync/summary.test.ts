import { describe, expect, test } from "vitest";
import { syncReportSchema, type TenantSyncReport } from "../../../src/sync/sync-report.js";
import { buildReport } from "../../../src/sync/summary.js";
import { TenantSyncError } from "../../../src/sync/tenant-sync-error.js";

function tenant(number: number, differences: Partial<TenantSyncReport> = {}): TenantSyncReport {
  return {
    database: "default",
    schema: `user_${number}`,
    role: "tenant",
    outcome: "migrated",
    applied: ["0001_notes"],
    attempts: 1,
    durationMs: number,
    warnings: [],
    ...differences,
  };
}

function reportOf(tenants: readonly TenantSyncReport[]): ReturnType<typeof buildReport> {
  return buildReport({
    tenants,
    startedAt: new Date("2026-01-16T08:00:00Z"),
    durationMs: 1_234.567_8,
    dryRun: false,
    isAborted: false,
    isTroubled: false,
  });
}

describe("the summary of a run", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => tenant(index + 1));

  test("says how long half of the tenants took at most, and 95 of a hundred", () => {
    expect(reportOf(hundred.toReversed()).summary).toMatchObject({ migrated: 100, p50Ms: 50, p95Ms: 95 });
    expect(reportOf([tenant(7)]).summary).toMatchObject({ p50Ms: 7, p95Ms: 7 });
  });

  test("names the slowest five, the longest first", () => {
    expect(reportOf(hundred).summary.slowest).toEqual(
      [100, 99, 98, 97, 96].map((number) => ({ database: "default", schema: `user_${number}`, durationMs: number })),
    );
  });

  test("leaves out of its times whoever nothing was done to", () => {
    const idle = tenant(9_000, { outcome: "up-to-date", applied: [] });
    const { summary } = reportOf([tenant(1), idle]);
    expect(summary).toMatchObject({ p50Ms: 1, p95Ms: 1, "up-to-date": 1 });
    expect(summary.slowest.map(({ schema }) => schema)).toEqual(["user_1"]);
    expect(reportOf([idle]).summary).toMatchObject({ p50Ms: 0, p95Ms: 0, slowest: [] });
  });

  test("counts every attempt after a tenant's first as a retry", () => {
    expect(reportOf([tenant(1, { attempts: 3 }), tenant(2), tenant(3, { attempts: 0 })]).summary.retries).toBe(2);
  });

  test("is part of a report that reads back as it was written", () => {
    const report = reportOf(hundred);
    expect(syncReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });
});

describe("the message of a failed run", () => {
  test("is the summary's first lines: the counts, three failures, and how many more there are", () => {
    const failed = Array.from({ length: 5 }, (_, index) =>
      tenant(index, {
        outcome: "failed",
        applied: [],
        error: { code: "LOCK_TIMEOUT", message: "canceling statement due to lock timeout", migration: "0001_notes" },
      }),
    );
    const error = new TenantSyncError(reportOf([...failed, tenant(9)]));
    expect(error.code).toBe("TENANT_SYNC_FAILED");
    expect(error.message).toMatchInlineSnapshot(`
      "Sync of tenant schemas partial: 1 migrated, 5 failed in 1.2 s
        user_0 at 0001_notes: LOCK_TIMEOUT: canceling statement due to lock timeout
        user_1 at 0001_notes: LOCK_TIMEOUT: canceling statement due to lock timeout
        user_2 at 0001_notes: LOCK_TIMEOUT: canceling statement due to lock timeout
        … and 2 more"
    `);
  });
});
