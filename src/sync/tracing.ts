import { tracingChannel } from "node:diagnostics_channel";
import type { NamedDatabase } from "./sync-databases.js";
import type { TenantJob } from "./tenant-job.js";

/** The names of the tracing channels, for `diagnostics_channel.tracingChannel(…)`. */
export const RUN_CHANNEL = "marketplace-jobs:sync";
export const TENANT_CHANNEL = "marketplace-jobs:sync-tenant";

/** What subscribers of {@link RUN_CHANNEL} get. */
export interface RunTrace {
  readonly databases: readonly string[];
}

/** What subscribers of {@link TENANT_CHANNEL} get: one attempt at one schema. */
export interface TenantTrace {
  readonly database: string;
  readonly schema: string;
  readonly attempt: number;
}

const runChannel = tracingChannel<unknown, RunTrace>(RUN_CHANNEL);
const tenantChannel = tracingChannel<unknown, TenantTrace>(TENANT_CHANNEL);

export async function traceRun<T>(databases: readonly NamedDatabase[], work: () => Promise<T>): Promise<T> {
  return await runChannel.tracePromise(work, { databases: databases.map(({ name }) => name) });
}

export async function traceAttempt<T>(job: TenantJob, work: () => Promise<T>): Promise<T> {
  const { database, schema, attempts } = job;
  return await tenantChannel.tracePromise(work, { database: database.name, schema, attempt: attempts + 1 });
}
