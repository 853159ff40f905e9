import { acknowledge } from "./acknowledge.js";
import type { DriverAbility } from "../tenancy/run-statements.js";
import { readSqlError } from "../tenancy/sql-error.js";
import type { Emit } from "./emit.js";
import { joinedMessage, leadingGroup } from "./joined-message.js";
import { ALREADY_DONE } from "./migration-message.js";
import type { MigrationStep } from "./migration-step.js";
import { runStep } from "./run-step.js";
import { type JoinedOutcome, sendJoined } from "./send-joined.js";
import { stepParams, stepParamsInTurn } from "./step-params.js";
import { readStepDurations } from "./step-durations.js";
import { surveySchema } from "./survey.js";
import type { SyncSettings } from "./sync-options.js";
import { stateAfter, type TenantJob } from "./tenant-job.js";

export interface AdvanceContext {
  readonly settings: SyncSettings;
  readonly driver: DriverAbility;
  readonly emit: Emit;
}

/** How far a tenant got with its steps. */
export interface Advance {
  /** How many of them are behind it. */
  readonly behind: number;
  /** What came in the way of the next one. */
  readonly stop?: {
    readonly error: unknown;
    /** Where it is known. */
    readonly step: MigrationStep | undefined;
    /** What may have been committed or not: the connection was lost. */
    readonly inDoubt: readonly MigrationStep[];
  };
}

/** Does the first of some steps, or as many as can go in one message with it; none where it has to be asked again. */
export async function advanceTenant(
  job: TenantJob,
  steps: readonly MigrationStep[],
  context: AdvanceContext,
): Promise<Advance> {
  const mayJoin = context.driver.sendsSeveralStatements && !job.goesSingly;
  const group = mayJoin ? leadingGroup(steps) : steps.slice(0, 1);
  const [step] = group;
  if (step === undefined) return { behind: 0 };
  return group.length === 1 ? await advanceByOne(job, step, context) : await advanceTogether(job, group, context);
}

async function advanceByOne(job: TenantJob, step: MigrationStep, context: AdvanceContext): Promise<Advance> {
  const started = performance.now();
  for (;;) {
    try {
      await runStep(job.database.db, context.driver, stepParams(job, step, context.settings));
      job.done.push(step);
      break;
    } catch (error) {
      if (readSqlError(error).sqlState === ALREADY_DONE) break;
      if (!acknowledge(job, error)) return { behind: 0, stop: { error, step, inDoubt: [step] } };
    }
  }
  recordStep(job, step, performance.now() - started, context.emit);
  return { behind: 1 };
}

async function advanceTogether(
  job: TenantJob,
  group: readonly MigrationStep[],
  context: AdvanceContext,
): Promise<Advance> {
  const started = performance.now();
  const outcome = await sendJoined(job.database.db, joinedMessage(stepParamsInTurn(job, group, context.settings)));
  if (outcome.kind === "too many statements") {
    context.driver.sendsSeveralStatements = false;
    return { behind: 0 };
  }
  const behind = await countBehind(job, group, outcome);
  if (behind === undefined) {
    // Which of them it was is not known; next time each goes alone, so that it is.
    job.goesSingly = true;
    const { error } = outcome as Extract<JoinedOutcome, { kind: "failed" }>;
    return { behind: 0, stop: { error, step: undefined, inDoubt: group } };
  }
  const elapsedMs = performance.now() - started;
  const done = group.slice(0, behind);
  job.done.push(...done);
  const { schema, database } = job;
  // Nobody is asked what nobody hears.
  const durations =
    context.settings.onEvent === undefined
      ? []
      : await readStepDurations(database.db, { schema, steps: done, elapsedMs });
  for (const [position, step] of done.entries()) recordStep(job, step, durations[position] ?? 0, context.emit);
  const step = group[behind];
  if (outcome.kind === "done" || step === undefined) return { behind };
  const { error } = outcome;
  if (readSqlError(error).sqlState === ALREADY_DONE) {
    recordStep(job, step, elapsedMs - durations.reduce((sum, ms) => sum + ms, 0), context.emit);
    return { behind: behind + 1 };
  }
  return acknowledge(job, error) ? { behind } : { behind, stop: { error, step, inDoubt: [] } };
}

/** How many of a joined message's migrations were committed by it; `undefined` when only a later look can tell. */
async function countBehind(
  job: TenantJob,
  group: readonly MigrationStep[],
  outcome: Exclude<JoinedOutcome, { kind: "too many statements" }>,
): Promise<number | undefined> {
  if (outcome.kind === "done") return group.length;
  const { migration, error } = outcome;
  if (migration !== undefined) return group.findIndex(({ name }) => name === migration);
  if (readSqlError(error).isConnectionLost) return undefined;
  // The transaction was over before it could be asked: the ledger has all that went before it.
  const state = await surveySchema(job.database, job.schema).catch(() => undefined);
  if (state === undefined || state.failure !== undefined) return undefined;
  const first = group.findIndex(({ name }) => !state.recorded.includes(name));
  return first === -1 ? undefined : first;
}

function recordStep(job: TenantJob, step: MigrationStep, durationMs: number, emit: Emit): void {
  job.state = stateAfter(job.state, step);
  emit({
    type: "migration-done",
    database: job.database.name,
    schema: job.schema,
    migration: step.name,
    direction: step.direction,
    durationMs,
  });
}
