import { UnknownTenantSchemaError } from "../errors/unknown-tenant-schema-error.js";
import { attemptTenant, failedReport, settleDoubt } from "./attempt-tenant.js";
import { failureOf, isWorthRetrying } from "./failure.js";
import type { WorkContext } from "./run-jobs.js";
import { readSqlError } from "../tenancy/sql-error.js";
import type { DatabaseSurvey } from "./survey.js";
import type { SyncSettings } from "./sync-options.js";
import type { TenantSyncFailure, TenantSyncReport } from "./sync-report.js";
import type { TenantJob } from "./tenant-job.js";

/** Refuses canaries that are none of the run's tenants: the run would go on without what was meant to protect it. */
export function assertCanariesAreTenants(
  surveys: readonly DatabaseSurvey[],
  { canary }: Pick<SyncSettings, "canary">,
): void {
  if (canary === undefined || typeof canary === "number") return;
  const tenants = new Set(surveys.flatMap((survey) => survey.tenants.map(({ schema }) => schema)));
  const strangers = canary.filter((name) => !tenants.has(name));
  if (strangers.length === 0) return;
  throw new UnknownTenantSchemaError({
    code: "UNKNOWN_TENANT_SCHEMA",
    message: `canary: ${strangers.map((name) => JSON.stringify(name)).join(", ")} is none of the tenants of this run.`,
    hint: "Name schemas that `tenants` selects, or say how many should go first.",
    details: { schemas: strangers },
  });
}

export interface RunCanariesParams {
  /** Tenants with something to do, the preferred ones first. */
  readonly candidates: readonly TenantJob[];
  /** How many must come through. */
  readonly wanted: number;
  readonly contextOf: (job: TenantJob) => WorkContext;
}

/**
 * Sends tenants ahead, one at a time, until as many as wanted have come through, and stops the run when a migration
 * fails on one. A tenant that is busy goes back among the others and one that is refused for its own data or
 * privileges is reported; both say nothing about the migration, so the turn passes to the next.
 */
export async function runCanaries({
  candidates,
  wanted,
  contextOf,
}: RunCanariesParams): Promise<ReadonlySet<TenantJob>> {
  const settled = new Set<TenantJob>();
  let passed = 0;
  for (const job of candidates) {
    const context = contextOf(job);
    if (passed >= wanted || context.brake.reason !== undefined) break;
    job.role = "canary";
    const report = await tryCanary(job, context);
    if (report === undefined) {
      job.role = "tenant";
      continue;
    }
    settled.add(job);
    context.settle(job, report);
    if (report.outcome === "migrated" || report.outcome === "rolled-back" || report.outcome === "up-to-date") {
      passed += 1;
    } else if (report.outcome === "failed" && !isOwnTrouble(report.error)) {
      context.brake.pull(`the canary ${job.schema} failed`);
    }
  }
  return settled;
}

/** `undefined`: the tenant was busy. */
async function tryCanary(job: TenantJob, context: WorkContext): Promise<TenantSyncReport | undefined> {
  for (;;) {
    const result = await attemptTenant(job, context);
    if (result.kind === "finished") return result.report;
    const { error, step } = result;
    const isServerLost = readSqlError(error).isConnectionLost;
    if (isWorthRetrying(error) && !isServerLost) {
      context.emit({
        type: "tenant-postponed",
        database: job.database.name,
        schema: job.schema,
        attempt: job.attempts,
        delayMs: 0,
        error: failureOf(error, step?.name),
        blockedBy: [],
      });
      return undefined;
    }
    const mayReturn = isServerLost && job.attempts < context.settings.maxAttempts;
    if (!mayReturn || !(await context.gate.waitUntilReachable())) {
      await settleDoubt(job);
      return failedReport(job, error, step);
    }
  }
}

/** Refused for what this tenant alone holds, or for what the role may not do in it. */
function isOwnTrouble(error: TenantSyncFailure | undefined): boolean {
  const codes = ["BATCH_LINK_CONFLICT", "COLUMN_IN_USE", "DOWN_WOULD_LOSE_DATA", "PERMISSION_DENIED"];
  return error !== undefined && (codes.includes(error.code) || error.sqlState === "MJ008");
}
