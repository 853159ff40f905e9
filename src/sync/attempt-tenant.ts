import type { Brake } from "./brake.js";
import type { Emit } from "./emit.js";
import { failureOf, isWorthRetrying, parseDetails } from "./failure.js";
import { ALREADY_DONE, LEDGER_MOVED, WANTS_ACKNOWLEDGEMENT } from "./migration-message.js";
import type { DriverAbility } from "../tenancy/run-statements.js";
import { runStep } from "./run-step.js";
import { readSqlError } from "../tenancy/sql-error.js";
import { isBusy } from "./schema-state.js";
import { surveySchema } from "./survey.js";
import type { SyncSettings } from "./sync-options.js";
import type { TenantSyncReport } from "./sync-report.js";
import { doneOutcome, reportOf, stateAfter, type TenantJob } from "./tenant-job.js";
import { traceAttempt } from "./tracing.js";
import type { MigrationStep } from "./migration-step.js";
import { assertReversible, planTenant } from "./tenant-plan.js";

/** A migration may ask for this many warnings to be taken note of; one that asks on is going in circles. */
const MAX_ACKNOWLEDGEMENTS = 20;

export interface AttemptContext {
  readonly settings: SyncSettings;
  readonly driver: DriverAbility;
  readonly brake: Brake;
  readonly emit: Emit;
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
  let step: MigrationStep | undefined;
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
    const steps = plan.kind === "steps" ? plan.steps : [];
    context.emit({
      type: "tenant-started",
      database: job.database.name,
      schema: job.schema,
      attempt: job.attempts,
      pending: steps.map(({ name }) => name),
    });
    for (step of steps) {
      if (context.brake.reason !== undefined) {
        return finished(() => skippedReport(job, context.brake.reason ?? "", step));
      }
      await runAcknowledging(job, step, context);
    }
    return finished(() => reportOf(job, doneOutcome(job)));
  } catch (error) {
    job.durationMs += performance.now() - started;
    return await interrupted(job, step, { error, brake: context.brake });
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
  const { inDoubt } = job;
  if (inDoubt !== undefined && state.recorded.includes(inDoubt.name) === (inDoubt.direction === "up")) {
    job.done.push(inDoubt);
  }
  job.inDoubt = undefined;
  job.state = state;
  job.isStale = false;
  return true;
}

async function runAcknowledging(
  job: TenantJob,
  step: MigrationStep,
  { settings, driver, emit }: AttemptContext,
): Promise<void> {
  const started = performance.now();
  for (;;) {
    try {
      await runStep(job.database.db, driver, {
        schema: job.schema,
        step,
        recorded: job.state.recorded,
        hasLedger: job.state.hasLedger,
        lockTimeoutMs: settings.lockTimeoutMs,
        statementTimeoutMs: settings.statementTimeoutMs,
        sharedSchema: settings.sharedSchema,
        acknowledged: [...job.acknowledged],
      });
      job.done.push(step);
      break;
    } catch (error) {
      const { sqlState } = readSqlError(error);
      if (sqlState === ALREADY_DONE) break;
      if (sqlState !== WANTS_ACKNOWLEDGEMENT || !acknowledge(job, error)) throw error;
    }
  }
  job.state = stateAfter(job.state, step);
  emit({
    type: "migration-done",
    database: job.database.name,
    schema: job.schema,
    migration: step.name,
    direction: step.direction,
    durationMs: performance.now() - started,
  });
}

/** Takes note of a warning; false when the migration repeats itself. */
function acknowledge(job: TenantJob, error: unknown): boolean {
  const details = parseDetails(readSqlError(error).detail);
  const key = details?.["acknowledge"];
  if (typeof key !== "string" || job.acknowledged.has(key) || job.acknowledged.size >= MAX_ACKNOWLEDGEMENTS) {
    return false;
  }
  job.acknowledged.add(key);
  if (typeof details?.["warning"] === "string") job.warnings.add(details["warning"]);
  return true;
}

interface Interruption {
  readonly error: unknown;
  readonly brake: Brake;
}

/**
 * An error ends the attempt; whether the schema is still there decides what kind of end it is, and whether the run was
 * aborted: a statement that is cancelled after that was cancelled by whoever did not want to wait.
 */
export async function interrupted(
  job: TenantJob,
  step: MigrationStep | undefined,
  { error, brake }: Interruption,
): Promise<AttemptResult> {
  const { isConnectionLost, isCancelled, sqlState } = readSqlError(error);
  job.isStale = true;
  if (isCancelled && brake.isAborted) {
    job.warnings.add(`Cancelled${step === undefined ? "" : ` in ${step.name}`}: ${brake.reason}.`);
    return { kind: "finished", report: reportOf(job, "skipped") };
  }
  if (isConnectionLost) {
    job.inDoubt = step;
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

export function failedReport(job: TenantJob, error: unknown, step: MigrationStep | undefined): TenantSyncReport {
  return reportOf(job, "failed", failureOf(error, step?.name));
}
