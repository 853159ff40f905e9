import type { Brake } from "./brake.js";
import { type AdvanceContext, advanceTenant } from "./advance-tenant.js";
import { failureOf, isWorthRetrying } from "./failure.js";
import { LEDGER_MOVED } from "./migration-message.js";
import { readSqlError } from "../tenancy/sql-error.js";
import { isBusy } from "./schema-state.js";
import { surveySchema } from "./survey.js";
import type { TenantSyncReport } from "./sync-report.js";
import { doneOutcome, reportOf, type TenantJob } from "./tenant-job.js";
import { traceAttempt } from "./tracing.js";
import type { MigrationStep } from "./migration-step.js";
import { assertReversible, planTenant } from "./tenant-plan.js";

export interface AttemptContext extends AdvanceContext {
  readonly brake: Brake;
}

/** How an attempt ended: for good, or with an error after which the tenant may be tried again. */
export type AttemptResult =
  | { readonly kind: "finished"; readonly report: TenantSyncReport }
  | { readonly kind: "interrupted"; readonly error: unknown; readonly step: MigrationStep | undefined };

/** Works on one tenant until nothing is left to do or something comes in the way; never throws. */
export async function attemptTenant(job: TenantJob, context: AttemptContext): Promise<AttemptResult> {
  return await traceAttempt(job, async () => await attempt(job, context));
}

async function attempt(job: TenantJob, context: AttemptContext): Promise<AttemptResult> {
  const started = performance.now();
  job.attempts += 1;
  const finished = (report: (job: TenantJob) => TenantSyncReport): AttemptResult => {
    job.durationMs += performance.now() - started;
    return { kind: "finished", report: report(job) };
  };
  try {
    if (job.isStale && !(await refresh(job))) return finished(() => reportOf(job, "gone"));
    if (isBusy(job.state)) throw job.state.error;
    if (job.state.failure !== undefined) return finished(() => reportOf(job, "failed", job.state.failure));
    const plan = planTenant(job.state, context.settings);
    if (plan.kind === "ahead") return finished(() => aheadReport(job, plan.unknown));
    // Its ledger may say more than when the whole run was looked through for what cannot be taken back.
    assertReversible([plan]);
    let steps = plan.kind === "steps" ? plan.steps : [];
    context.emit({
      type: "tenant-started",
      database: job.database.name,
      schema: job.schema,
      attempt: job.attempts,
      pending: steps.map(({ name }) => name),
    });
    while (steps.length > 0) {
      const { reason } = context.brake;
      if (reason !== undefined) return finished(() => skippedReport(job, reason, steps[0]));
      const { behind, stop } = await advanceTenant(job, steps, context);
      if (stop !== undefined) {
        job.durationMs += performance.now() - started;
        return await interrupted(job, { ...stop, brake: context.brake });
      }
      steps = steps.slice(behind);
    }
    return finished(() => reportOf(job, doneOutcome(job)));
  } catch (error) {
    job.durationMs += performance.now() - started;
    return await interrupted(job, { error, brake: context.brake });
  }
}

export function aheadReport(job: TenantJob, unknown: readonly string[]): TenantSyncReport {
  job.warnings.add(
    `The ledger records migrations that this run does not know: ${unknown.join(", ")}. Nothing was changed.`,
  );
  return reportOf(job, "ahead");
}

export function skippedReport(job: TenantJob, reason: string, before?: MigrationStep): TenantSyncReport {
  job.warnings.add(before === undefined ? `Not started: ${reason}.` : `Stopped before ${before.name}: ${reason}.`);
  return reportOf(job, "skipped");
}

/** Looks at the schema again and settles what a lost connection left open; false when the schema is gone. */
async function refresh(job: TenantJob): Promise<boolean> {
  const state = await surveySchema(job.database, job.schema);
  if (state === undefined) return false;
  job.done.push(...job.inDoubt.filter(({ name, direction }) => state.recorded.includes(name) === (direction === "up")));
  job.inDoubt = [];
  job.state = state;
  job.isStale = false;
  return true;
}

interface Interruption {
  readonly error: unknown;
  readonly brake: Brake;
  /** The migration that it came in, where that is known. */
  readonly step?: MigrationStep | undefined;
  /** What may have been committed or not, if the connection was lost. */
  readonly inDoubt?: readonly MigrationStep[];
}

/**
 * An error ends the attempt; whether the schema is still there decides what kind of end it is, and whether the run was
 * aborted: a statement that is cancelled after that was cancelled by whoever did not want to wait.
 */
export async function interrupted(
  job: TenantJob,
  { error, brake, step, inDoubt = [] }: Interruption,
): Promise<AttemptResult> {
  const { isConnectionLost, isCancelled, sqlState } = readSqlError(error);
  job.isStale = true;
  if (isCancelled && brake.isAborted) {
    job.warnings.add(`Cancelled${step === undefined ? "" : ` in ${step.name}`}: ${brake.reason}.`);
    return { kind: "finished", report: reportOf(job, "skipped") };
  }
  if (isConnectionLost) {
    job.inDoubt = inDoubt;
    return { kind: "interrupted", error, step };
  }
  if (sqlState !== LEDGER_MOVED && !isWorthRetrying(error) && (await isGone(job))) {
    return { kind: "finished", report: reportOf(job, "gone") };
  }
  return { kind: "interrupted", error, step };
}

async function isGone(job: TenantJob): Promise<boolean> {
  try {
    return (await surveySchema(job.database, job.schema)) === undefined;
  } catch {
    // What happened to the tenant is the news, not that it could not be looked at afterwards.
    return false;
  }
}

/**
 * Looks up, where the server answers, what a lost connection left open: nobody is going to try again, and the report
 * must not leave out what was committed.
 */
export async function settleDoubt(job: TenantJob): Promise<void> {
  if (job.inDoubt.length === 0) return;
  try {
    await refresh(job);
  } catch {
    // It stays open; a next run will know.
  }
}

export function failedReport(job: TenantJob, error: unknown, step: MigrationStep | undefined): TenantSyncReport {
  return reportOf(job, "failed", failureOf(error, step?.name));
}
