import { migrations } from "../../migrations/index.js";
import type { MigrationStep } from "./migration-step.js";
import type { SyncSettings } from "./sync-options.js";
import type { TenantJob } from "./tenant-job.js";
import { planTenant } from "./tenant-plan.js";

const ours: ReadonlySet<unknown> = new Set(Object.values(migrations));

/** Whether a step is of this library's own migrations, of which tests prove what they touch and how they end. */
export function isOurs({ migration }: MigrationStep): boolean {
  return ours.has(migration);
}

/** Ours touch nothing but their own tenant; others have to show it. */
export function hasForeignSteps(jobs: readonly TenantJob[], settings: SyncSettings): boolean {
  return jobs.some(({ state }) => {
    const plan = planTenant(state, settings);
    return plan.kind === "steps" && !plan.steps.every(isOurs);
  });
}
