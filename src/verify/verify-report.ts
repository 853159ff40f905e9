import * as z from "zod";

const structureItem = z.strictObject({
  kind: z.enum(["table", "column", "constraint", "index", "sequence", "type", "trigger", "policy", "view"]),
  table: z.string(),
  name: z.string(),
  definition: z.string(),
});

const drift = z.strictObject({
  kind: structureItem.shape.kind,
  table: z.string(),
  name: z.string(),
  difference: z.enum(["missing", "different", "misnamed", "superfluous"]),
  message: z.string(),
  expected: z.string().optional(),
  found: z.string().optional(),
  pendingMigration: z.string().optional(),
  mend: z.string().optional(),
});

const tenantVerification = z.strictObject({
  database: z.string(),
  schema: z.string(),
  role: z.enum(["shared", "template", "tenant"]),
  state: z.enum(["canonical", "drifted", "gone", "unreadable"]),
  migration: z.string().nullable(),
  pending: z.array(z.string()),
  group: z.int().nullable(),
  fingerprint: z.string().nullable(),
  drift: z.array(drift),
  extra: z.array(structureItem),
  leftOver: z.array(structureItem),
  error: z.strictObject({ code: z.string(), sqlState: z.string().optional(), message: z.string() }).optional(),
});

const structureGroup = z.strictObject({
  group: z.int(),
  fingerprint: z.string(),
  role: z.enum(["shared", "template", "tenant"]),
  state: z.enum(["canonical", "drifted"]),
  migration: z.string().nullable(),
  tenants: z.int(),
  /** The first of them by database and name. */
  example: z.string(),
  summary: z.string(),
});

/** The schema of {@link VerifyReport}: what `--json` prints and what a stored report can be read back with. */
export const verifyReportSchema = z.strictObject({
  version: z.literal(1),
  status: z.enum(["ok", "drift"]),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  summary: z.strictObject({
    canonical: z.int(),
    drifted: z.int(),
    gone: z.int(),
    unreadable: z.int(),
    pending: z.int(),
  }),
  groups: z.array(structureGroup),
  tenants: z.array(tenantVerification),
});

/**
 * What `verifyTenantSchemas` found. `tenants` holds every schema looked at; `groups` puts those with one structure
 * together, largest first. `fingerprint` is a hash of what is ours alone: all schemas that are canonical at one migration have the same. `migration` is the last of our migrations that a schema's ledger records; a schema is
 * compared with the canonical structure at that migration, and one without a ledger with the newest. `pending` in the
 * summary counts schemas that lack migrations, which is no drift.
 */
export type VerifyReport = z.output<typeof verifyReportSchema>;
export type TenantVerification = VerifyReport["tenants"][number];
export type StructureGroup = VerifyReport["groups"][number];
