import type { Emit } from "./emit.js";
import { parseDetails } from "./failure.js";
import { WANTS_ACKNOWLEDGEMENT } from "./migration-message.js";
import { type Rehearsal, rehearse } from "./rehearse.js";
import type { DriverAbility } from "../tenancy/run-statements.js";
import { readSqlError } from "../tenancy/sql-error.js";
import type { SyncSettings } from "./sync-options.js";
import type { TenantJob } from "./tenant-job.js";
import { planTenant } from "./tenant-plan.js";

/** A tenant may be busy or refuse for its data; when this many in a row do, nothing is known about the locks. */
const MAX_CANDIDATES = 3;

interface RehearseFirstParams {
  readonly jobs: readonly TenantJob[];
  readonly settings: SyncSettings;
  readonly driver: DriverAbility;
  readonly emit: Emit;
}

/**
 * Rehearses the pending migrations on the first tenant that lets it, and says so in an event; `undefined` when the
 * first few did not. What fails here fails again where it counts, and is reported there.
 */
export async function rehearseFirst({
  jobs,
  settings,
  driver,
  emit,
}: RehearseFirstParams): Promise<Rehearsal | undefined> {
  for (const job of jobs.filter(({ state }) => state.failure === undefined).slice(0, MAX_CANDIDATES)) {
    const plan = planTenant(job.state, settings);
    if (plan.kind !== "steps") continue;
    const rehearsal = await rehearseAcknowledging(job, { jobs, settings, driver, emit });
    if (rehearsal === undefined) continue;
    emit({
      type: "rehearsed",
      database: job.database.name,
      schema: job.schema,
      migrations: plan.steps.map(({ name }) => name),
      ...rehearsal,
    });
    return rehearsal;
  }
  return undefined;
}

async function rehearseAcknowledging(
  job: TenantJob,
  { settings, driver }: RehearseFirstParams,
): Promise<Rehearsal | undefined> {
  const plan = planTenant(job.state, settings);
  const acknowledged = new Set<string>();
  for (;;) {
    try {
      return await rehearse(job.database.db, driver, {
        state: job.state,
        steps: plan.kind === "steps" ? plan.steps : [],
        settings,
        acknowledged: [...acknowledged],
      });
    } catch (error) {
      const { sqlState, detail } = readSqlError(error);
      const key = sqlState === WANTS_ACKNOWLEDGEMENT ? parseDetails(detail)?.["acknowledge"] : undefined;
      if (typeof key !== "string" || acknowledged.has(key)) return undefined;
      acknowledged.add(key);
    }
  }
}
