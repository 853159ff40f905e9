import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  InvalidInputError,
  renderSyncReportHtml,
  renderVerifyReportHtml,
  type SyncReport,
  type VerifyReport,
} from "../../../src/index.js";
import { syncFleetReport, verifyFleetReport } from "../../reports/fleet-reports.js";

const LARGEST_PAGE_BYTES = 3 * 1024 ** 2;

/** Links within the page whose places the page does not have, or has twice. */
function linksToNowhere(page: string): string[] {
  const places = Map.groupBy(page.matchAll(/ id="([^"]*)"/g), ([, id = ""]) => id);
  const links = [...page.matchAll(/ href="#([^"]*)"/g)].map(([, id = ""]) => id);
  return links.length === 0 ? ["no links at all"] : links.filter((id) => places.get(id)?.length !== 1);
}

function zero<Counts extends object>(counts: Counts): Counts {
  return Object.fromEntries(
    Object.entries(counts).map(([key, value]) => [key, Array.isArray(value) ? [] : 0]),
  ) as Counts;
}

const sizeOf = (page: string): number => Buffer.byteLength(page);

describe("a page", () => {
  test("is the same for a report that was stored", () => {
    const sync = syncFleetReport({ tenants: 50, databases: ["frankfurt", "paris"] });
    expect(renderSyncReportHtml(JSON.parse(JSON.stringify(sync)) as SyncReport)).toBe(renderSyncReportHtml(sync));
    const verify = verifyFleetReport({ tenants: 50 });
    expect(renderVerifyReportHtml(JSON.parse(JSON.stringify(verify)) as VerifyReport)).toBe(
      renderVerifyReportHtml(verify),
    );
  });

  test("leaves the report as it is", () => {
    const freeze = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      Object.values(value).forEach(freeze);
      Object.freeze(value);
    };
    const [sync, verify] = [syncFleetReport({ tenants: 50 }), verifyFleetReport({ tenants: 50 })];
    freeze(sync);
    freeze(verify);
    expect(() => [renderSyncReportHtml(sync), renderVerifyReportHtml(verify)]).not.toThrow();
  });

  test.each([
    ["nothing", undefined],
    ["a text", "{}"],
    ["a report of the other kind", verifyFleetReport({ tenants: 3 })],
    ["a report of a later version", { ...syncFleetReport({ tenants: 3 }), version: 2 }],
    ["a status that there is not", { ...syncFleetReport({ tenants: 3 }), status: "<b>ok</b>" }],
    ["a time that is none", { ...syncFleetReport({ tenants: 3 }), startedAt: "yesterday" }],
  ])("is refused to %s", (_, report) => {
    const refused = (): string => renderSyncReportHtml(report as SyncReport);
    expect(refused).toThrow(InvalidInputError);
    expect(refused).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });

  test("of a verification is refused to a report of a sync", () => {
    const refused = (): string => renderVerifyReportHtml(syncFleetReport({ tenants: 3 }) as unknown as VerifyReport);
    expect(refused).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });

  test("is made of any durations and counts that a report can hold", { timeout: 60_000 }, () => {
    const number = fc.oneof(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), fc.nat(10_000));
    fc.assert(
      fc.property(fc.array(number, { maxLength: 30 }), number, number, (durations, p50Ms, p95Ms) => {
        const report = syncFleetReport({ tenants: durations.length });
        const tenants = report.tenants.map((tenant, index) => ({ ...tenant, durationMs: durations[index - 2] ?? 0 }));
        const page = renderSyncReportHtml({ ...report, tenants, summary: { ...report.summary, p50Ms, p95Ms } });
        expect(page).not.toMatch(/NaN|Infinity|undefined/);
      }),
      { numRuns: 300 },
    );
  });

  test("of nobody says so", () => {
    const report = syncFleetReport({ tenants: 1 });
    const page = renderSyncReportHtml({ ...report, status: "ok", tenants: [], summary: zero(report.summary) });
    expect(page).toContain("no schema was concerned");
  });
});

// A busy machine takes seconds for what a quiet one does in one.
describe("at 10,000 tenants", { timeout: 60_000 }, () => {
  test("a page stays small", () => {
    expect(sizeOf(renderSyncReportHtml(syncFleetReport({ tenants: 10_000 })))).toBeLessThan(LARGEST_PAGE_BYTES / 2);
    expect(sizeOf(renderVerifyReportHtml(verifyFleetReport({ tenants: 10_000 })))).toBeLessThan(LARGEST_PAGE_BYTES / 2);
  });

  test("a page stays small when every one of them failed in its own words", () => {
    const report = syncFleetReport({ tenants: 10_000 });
    const failed = report.tenants.find(({ outcome }) => outcome === "failed");
    const tenants = report.tenants.map((tenant) => ({
      ...tenant,
      outcome: "failed" as const,
      error: {
        ...failed?.error,
        code: "MIGRATION_FAILED",
        message: `relation ${tenant.schema}.products is not what it should be`,
      },
      blockedBy: [{ pid: 1, applicationName: "host-api", state: "active", ageMs: 1 }],
    }));
    const summary = { ...zero(report.summary), failed: tenants.length };
    const page = renderSyncReportHtml({ ...report, status: "failed", summary, tenants });
    expect(sizeOf(page)).toBeLessThan(LARGEST_PAGE_BYTES);
    // Each cell still leads to its schema's name among those that failed.
    expect(linksToNowhere(page)).toEqual([]);
  });

  test("a page stays small when every one of them has drifted in its own way", () => {
    const report = verifyFleetReport({ tenants: 10_000 });
    const drifted = report.tenants.find(({ state }) => state === "drifted");
    const tenants = report.tenants.map((tenant, group) => ({
      ...tenant,
      state: "drifted" as const,
      group,
      drift: (drifted?.drift ?? []).map((drift) => ({ ...drift, name: `${drift.name}_${group}` })),
      extra: tenant.extra.map((object) => ({ ...object, name: `${object.name}_${group}` })),
      notices: [`notice ${group}`],
    }));
    const groups = tenants.map(({ group, database, schema }) => ({
      group,
      fingerprint: `${group}`,
      role: "tenant" as const,
      state: "drifted" as const,
      migration: null,
      tenants: 1,
      example: { database, schema },
      summary: "",
    }));
    const summary = { ...zero(report.summary), drifted: tenants.length };
    const page = renderVerifyReportHtml({ ...report, summary, groups, tenants });
    expect(sizeOf(page)).toBeLessThan(LARGEST_PAGE_BYTES);
    expect(page).toContain("Smaller groups, with 9,800 schemas in all, are in the report as JSON.");
    expect(linksToNowhere(page)).toEqual([]);
  });
});
