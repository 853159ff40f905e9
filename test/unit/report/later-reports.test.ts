import { describe, expect, test } from "vitest";
import {
  type ColumnUseReport,
  columnUseReportSchema,
  type RepairReport,
  renderSyncReportHtml,
  renderVerifyReportHtml,
  repairReportSchema,
  syncReportSchema,
  type TenantSchemaPlan,
  tenantSchemaPlanSchema,
  type TenantSchemaStatus,
  tenantSchemaStatusSchema,
  tenantSyncReportSchema,
  verifyReportSchema,
} from "../../../src/index.js";
import { syncFleetReport, verifyFleetReport } from "../../reports/fleet-reports.js";

const database = "default";
const sync = syncFleetReport({ tenants: 400 });
const verify = verifyFleetReport({ tenants: 400 });
const error = { code: "LOCK_TIMEOUT", sqlState: "55P03", message: "canceling statement due to lock timeout" };
const blockedBy = [{ pid: 7, applicationName: "nightly", state: "active", ageMs: 12 }];
const uses = [{ effect: "blocks" as const, kind: "view", name: "by_string" }];

const repair: RepairReport = {
  version: 1,
  status: "partial",
  dryRun: false,
  startedAt: "2026-11-26T04:57:32.123Z",
  durationMs: 3,
  tenants: [
    {
      database,
      schema: "user_1",
      role: "tenant",
      outcome: "failed",
      mends: [{ message: "a comment is missing", sql: "select 1" }],
      refused: [{ message: "a type", refusal: "it would lose values" }],
      attempts: 5,
      durationMs: 2,
      warnings: [],
      error,
      blockedBy,
    },
  ],
};

const columnUse: ColumnUseReport = {
  version: 1,
  table: "marketplace_jobs",
  column: "batch_id",
  verdict: "in-use",
  startedAt: "2026-11-26T04:57:32.123Z",
  durationMs: 3,
  summary: {
    clear: 0,
    "in-use": 1,
    "maybe-in-use": 0,
    "not-inspected": 0,
    "no-column": 0,
    "no-table": 0,
    gone: 0,
  },
  groups: [
    { group: 0, role: "tenant", state: "in-use", schemas: 1, example: { database, schema: "user_1" }, summary: "" },
  ],
  tenants: [
    {
      database,
      schema: "user_1",
      role: "tenant",
      state: "in-use",
      group: 0,
      uses,
      rows: { unlinked: 1, conflicting: 0 },
    },
  ],
  functions: [{ database, name: "public.report", tenants: ["user_1"] }],
  statements: {
    running: [{ database, pid: 7, applicationName: "", user: "app", state: "idle", ageMs: 1, tenants: [] }],
    recorded: [{ database, queryIds: ["1"], entries: 1, calls: 2, users: ["app"], tenants: [] }],
    records: [{ database, since: null, evictions: 0 }],
  },
  notInspected: [{ database, part: "recorded", reason: "not installed" }],
};

const plan: TenantSchemaPlan = {
  database,
  role: "tenant",
  schemas: ["user_1"],
  steps: [{ migration: "0005_drop_marketplace_jobs_batch_id", direction: "up" }],
  unknown: [],
  sql: "select 1",
  columnUse: { uses: [{ table: "marketplace_jobs", column: "batch_id", ...uses[0]!, schemas: ["user_1"] }] },
};

const status: TenantSchemaStatus = {
  database,
  schema: "user_1",
  role: "tenant",
  applied: [],
  pending: [],
  unknown: [],
  error,
};

/** What a later release might write: one more field in every object but in details, which are anything at all. */
function withMore(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMore);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, key === "details" ? inner : withMore(inner)]);
  return { ...Object.fromEntries(entries), addedLater: { "<script>": ["alert(1)"] } };
}

describe("a report of a later minor release", () => {
  test.each([
    ["a sync", syncReportSchema, sync],
    ["one schema of a sync", tenantSyncReportSchema, { ...sync.tenants[0], error, blockedBy }],
    ["a verification", verifyReportSchema, verify],
    ["a repair", repairReportSchema, repair],
    ["an inspection", columnUseReportSchema, columnUse],
    ["a plan", tenantSchemaPlanSchema, plan],
    ["a status", tenantSchemaStatusSchema, status],
  ])("of %s is read without what is new in it", (_, schema, report) => {
    expect(schema.parse(withMore(report))).toEqual(report);
  });

  test("still needs every field that this one requires", () => {
    const { status: _, ...without } = sync;
    expect(syncReportSchema.safeParse(without).success).toBe(false);
    const { message: __, ...silent } = error;
    expect(tenantSchemaStatusSchema.safeParse({ ...status, error: silent }).success).toBe(false);
  });

  test("gives the same page as one without what is new", () => {
    expect(renderSyncReportHtml(withMore(sync) as typeof sync)).toBe(renderSyncReportHtml(sync));
    expect(renderVerifyReportHtml(withMore(verify) as typeof verify)).toBe(renderVerifyReportHtml(verify));
  });
});
