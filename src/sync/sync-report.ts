import * as z from "zod";

/** Everything that can come of a schema in a run. */
export const syncOutcomes = ["migrated", "rolled-back", "up-to-date", "failed", "skipped", "ahead", "gone"] as const;

const count = z.int().min(0);
const milliseconds = z.number().min(0);

/** Why something could not be done to a schema, in a form that every report uses. */
export const tenantSyncFailureSchema = z.object({
  code: z.string(),
  sqlState: z.string().optional(),
  message: z.string(),
  hint: z.string().optional(),
  migration: z.string().optional(),
  details: z.json().optional(),
});

/** The shape of what a report says of one schema; fields that a later release has added are left out. */
export const tenantSyncReportSchema = z.object({
  /** The name the caller gave the database; `default` where only one was given. */
  database: z.string(),
  schema: z.string(),
  role: z.enum(["shared", "template", "canary", "tenant"]),
  outcome: z.enum(syncOutcomes),
  /** The migrations that this run applied, or took back when the outcome is `rolled-back`, in the order of doing. */
  applied: z.array(z.string()),
  /** How often the tenant was tried; 0 when nothing was to be done. */
  attempts: count,
  /** The time spent working on the tenant, waiting for its locks included and back-off excluded. */
  durationMs: milliseconds,
  warnings: z.array(z.string()),
  error: tenantSyncFailureSchema.optional(),
  blockedBy: z
    .array(z.object({ pid: z.int(), applicationName: z.string(), state: z.string(), ageMs: milliseconds }))
    .optional(),
});

/**
 * The shape of a report, for whoever reads one back from a file; `version` moves only with a major release. A minor one
 * may add fields: those that this release does not know, at whatever depth, are left out of what is read.
 */
export const syncReportSchema = z.object({
  version: z.literal(1),
  status: z.enum(["ok", "partial", "failed", "aborted"]),
  dryRun: z.boolean(),
  startedAt: z.iso.datetime(),
  durationMs: milliseconds,
  summary: z.object({
    migrated: count,
    "rolled-back": count,
    "up-to-date": count,
    failed: count,
    skipped: count,
    ahead: count,
    gone: count,
    p50Ms: milliseconds,
    p95Ms: milliseconds,
    retries: count,
    /** The tenants that took longest, the longest first; five at most, and only those to which something was done. */
    slowest: z.array(z.object({ database: z.string(), schema: z.string(), durationMs: milliseconds })),
  }),
  tenants: z.array(tenantSyncReportSchema),
});

export type SyncOutcome = (typeof syncOutcomes)[number];

/** What one schema went through in one run. */
export interface TenantSyncReport extends z.output<typeof tenantSyncReportSchema> {
  error?: TenantSyncFailure | undefined;
  blockedBy?: Blocker[] | undefined;
}

/** Why something could not be done to a schema. */
export interface TenantSyncFailure extends z.output<typeof tenantSyncReportSchema.shape.error.def.innerType> {}

/** A session that held a lock a migration waited for; never what it was executing. */
export interface Blocker extends z.output<typeof tenantSyncReportSchema.shape.blockedBy.def.innerType.element> {}

/** What `syncTenantSchemas` did, schema by schema; plain data that survives `JSON.stringify`. */
export interface SyncReport extends z.output<typeof syncReportSchema> {
  tenants: TenantSyncReport[];
}
