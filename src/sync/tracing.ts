import { tracingChannel } from "node:diagnostics_channel";
import type { AttemptResult } from "./attempt-tenant.js";
import { failureOf } from "./failure.js";
import type { NamedDatabase } from "./sync-databases.js";
import type { SyncReport, TenantSyncFailure, TenantSyncReport } from "./sync-report.js";
import type { TenantJob } from "./tenant-job.js";

/** The names of the tracing channels, for `diagnostics_channel.tracingChannel(…)`. */
export const RUN_CHANNEL = "marketplace-jobs:sync";
export const TENANT_CHANNEL = "marketplace-jobs:sync-tenant";

/** What subscribers of {@link RUN_CHANNEL} get. */
export interface RunTrace {
  readonly databases: readonly string[];
  /** When the run has ended (`asyncEnd`); a run in which tenants failed has a report like any other. */
  readonly result?: SyncReport;
}

/** What subscribers of {@link TENANT_CHANNEL} get: one attempt at one schema. */
export interface TenantTrace {
  readonly database: string;
  readonly schema: string;
  readonly attempt: number;
  /** When the attempt has ended (`asyncEnd`): the schema's report, or the error after which it may be tried again. */
  readonly result?: { readonly report: TenantSyncReport } | { readonly error: TenantSyncFailure };
}

const runChannel = tracingChannel<unknown, RunTrace>(RUN_CHANNEL);
const tenantChannel = tracingChannel<unknown, TenantTrace>(TENANT_CHANNEL);

export async function traceRun(
  databases: readonly NamedDatabase[],
  work: () => Promise<SyncReport>,
): Promise<SyncReport> {
  return await runChannel.tracePromise(work, { databases: databases.map(({ name }) => name) });
}

export async function traceAttempt(job: TenantJob, work: () => Promise<AttemptResult>): Promise<AttemptResult> {
  if (!tenantChannel.hasSubscribers) return await work();
  const { database, schema, attempts } = job;
  let ended: AttemptResult | undefined;
  await tenantChannel.tracePromise(
    async (): Promise<TenantTrace["result"]> => {
      ended = await work();
      return ended.kind === "finished" ? { report: ended.report } : { error: failureOf(ended.error, ended.step?.name) };
    },
    { database: database.name, schema, attempt: attempts + 1 },
  );
  return ended as AttemptResult;
}
