import * as z from "zod";
import { type Blocker, syncReportSchema, type TenantSyncFailure } from "../sync/sync-report.js";

const tenantSyncReport = syncReportSchema.shape.tenants.element;

const tenantRepair = z.object({
  database: z.string(),
  schema: z.string(),
  role: z.enum(["shared", "template", "tenant"]),
  /**
   * `repaired`: all that can be mended was. `canonical`: nothing was to be done. `refused`: what is left cannot be
   * mended without loss. `skipped`: pending migrations bring what is missing, or the run was stopped.
   */
  outcome: z.enum(["repaired", "canonical", "refused", "skipped", "failed", "gone"]),
  /** What was mended, or would be in a dry run, in the order of doing. */
  mends: z.array(z.object({ message: z.string(), sql: z.string() })),
  /** What was not, and why. */
  refused: z.array(z.object({ message: z.string(), refusal: z.string() })),
  attempts: z.int().min(0),
  durationMs: z.number().min(0),
  warnings: z.array(z.string()),
  error: tenantSyncReport.shape.error,
  blockedBy: tenantSyncReport.shape.blockedBy,
});

/**
 * The shape of a report, for whoever reads one back from a file; `version` moves only with a major release. A minor one
 * may add fields: those that this release does not know, at whatever depth, are left out of what is read.
 */
export const repairReportSchema = z.object({
  version: z.literal(1),
  /** `partial`: something failed or was refused, and something is as it should be. */
  status: z.enum(["ok", "partial", "failed", "aborted"]),
  dryRun: z.boolean(),
  startedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  tenants: z.array(tenantRepair),
});

/** What `repairTenantSchemas` did, schema by schema; plain data that survives `JSON.stringify`. */
export interface RepairReport extends z.output<typeof repairReportSchema> {
  tenants: TenantRepair[];
}

/** What a repair did to one schema. */
export interface TenantRepair extends z.output<typeof repairReportSchema.shape.tenants.element> {
  error?: TenantSyncFailure | undefined;
  blockedBy?: Blocker[] | undefined;
}
