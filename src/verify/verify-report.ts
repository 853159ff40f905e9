import * as z from "zod";
import { structureKinds } from "./structure-item.js";

const structureItem = z.object({
  kind: z.enum(structureKinds),
  table: z.string(),
  name: z.string(),
  definition: z.string(),
});

const drift = z.object({
  kind: structureItem.shape.kind,
  table: z.string(),
  name: z.string(),
  difference: z.enum(["missing", "different", "misnamed", "superfluous"]),
  message: z.string(),
  expected: z.string().optional(),
  found: z.string().optional(),
  pendingMigration: z.string().optional(),
  mend: z.string().optional(),
  refusal: z.string().optional(),
});

const tenantVerification = z.object({
  /** The name the caller gave the database; `default` where only one was given. */
  database: z.string(),
  schema: z.string(),
  role: z.enum(["shared", "template", "tenant"]),
  /** `gone`: it vanished while it was read. `unreadable`: `error` says why nothing is known about it. */
  state: z.enum(["canonical", "drifted", "gone", "unreadable"]),
  /** The last of our migrations that its ledger records. */
  migration: z.string().nullable(),
  pending: z.array(z.string()),
  /** Its group's number. */
  group: z.int().nullable(),
  fingerprint: z.string().nullable(),
  drift: z.array(drift),
  /** What is not ours and is left alone. */
  extra: z.array(structureItem),
  /** What the legacy tables left behind: sequences that other schemas may draw from, the former enum type. */
  leftOver: z.array(structureItem),
  /** What is no drift and yet worth a look. */
  notices: z.array(z.string()),
  error: z
    .object({
      code: z.string(),
      sqlState: z.string().optional(),
      message: z.string(),
      hint: z.string().optional(),
    })
    .optional(),
});

const structureGroup = z.object({
  group: z.int(),
  fingerprint: z.string(),
  role: z.enum(["shared", "template", "tenant"]),
  state: z.enum(["canonical", "drifted"]),
  migration: z.string().nullable(),
  tenants: z.int(),
  /** The first of them, in the order of `tenants`. */
  example: z.object({ database: z.string(), schema: z.string() }),
  /** The group in one line: `up to date, index marketplace_jobs_claim_idx of marketplace_jobs is missing: …`. */
  summary: z.string(),
});

/**
 * The schema of {@link VerifyReport}: what a stored report can be read back with. `version` moves only with a major
 * release. A minor one may add fields: those that this release does not know, at whatever depth, are left out.
 */
export const verifyReportSchema = z.object({
  version: z.literal(1),
  /** `drift` as soon as one schema is drifted or unreadable. */
  status: z.enum(["ok", "drift"]),
  startedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
  /** Schemas by state; `pending` counts those that lack migrations, which is no drift. */
  summary: z.object({
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
 * What `verifyTenantSchemas` found; plain data that survives `JSON.stringify`.
 *
 * `tenants` holds every schema looked at: the shared one, the template, then the tenants. `groups` puts those together
 * that have the same migrations and the same structure of ours, the largest first. `fingerprint` is a hash of that
 * structure: all schemas that are canonical at one migration have the same, under whatever database, version of
 * PostgreSQL and history. A schema is compared with the canonical structure at the migration that it has; one without
 * a ledger, with the newest.
 */
export interface VerifyReport extends z.output<typeof verifyReportSchema> {
  groups: StructureGroup[];
  tenants: TenantVerification[];
}

/** What was found in one schema. */
export interface TenantVerification extends z.output<typeof verifyReportSchema.shape.tenants.element> {}

/** Schemas that have the same migrations and the same structure of ours. */
export interface StructureGroup extends z.output<typeof verifyReportSchema.shape.groups.element> {}
