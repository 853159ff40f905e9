import type { StepParams } from "./migration-message.js";
import type { MigrationStep } from "./migration-step.js";
import type { SyncSettings } from "./sync-options.js";
import { stateAfter, type TenantJob } from "./tenant-job.js";

/** What the message of a tenant's next step is made of. */
export function stepParams(
  { schema, state, acknowledged }: Pick<TenantJob, "schema" | "state" | "acknowledged">,
  step: MigrationStep,
  { lockTimeoutMs, statementTimeoutMs, sharedSchema }: SyncSettings,
): StepParams {
  const { recorded, hasLedger } = state;
  return {
    schema,
    step,
    recorded,
    hasLedger,
    lockTimeoutMs,
    statementTimeoutMs,
    sharedSchema,
    acknowledged: [...acknowledged],
  };
}

/** The same for several steps in turn: each begins where the one before it ended. */
export function stepParamsInTurn(
  job: TenantJob,
  steps: readonly MigrationStep[],
  settings: SyncSettings,
): readonly StepParams[] {
  let { state } = job;
  return steps.map((step) => {
    const params = stepParams({ ...job, state }, step, settings);
    state = stateAfter(state, step);
    return params;
  });
}
