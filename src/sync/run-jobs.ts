import {
  type AttemptContext,
  type AttemptResult,
  attemptTenant,
  failedReport,
  settleDoubt,
  skippedReport,
} from "./attempt-tenant.js";
import { backOffMs, pause } from "./back-off.js";
import { readBlockers } from "./blockers.js";
import { failureOf, isWorthRetrying } from "./failure.js";
import type { ServerGate } from "./server-gate.js";
import { readSqlError } from "../tenancy/sql-error.js";
import type { TenantSyncReport } from "./sync-report.js";
import type { TenantJob } from "./tenant-job.js";
import { TenantQueue } from "./tenant-queue.js";
import { waitForAll } from "../tenancy/wait-for-all.js";

export interface WorkContext extends AttemptContext {
  readonly gate: ServerGate;
  readonly workers: number;
  /** What is done for a tenant in one attempt; migrating it, unless a repair says otherwise. */
  readonly attempt?: ((job: TenantJob) => Promise<AttemptResult>) | undefined;
  readonly settle: (job: TenantJob, report: TenantSyncReport) => void;
}

/** Brings every job to an end, several at a time; each one's end is told to `settle`, exactly once. */
export async function runJobs(jobs: readonly TenantJob[], context: WorkContext): Promise<void> {
  const queue = new TenantQueue(jobs);
  await waitForAll(Array.from({ length: Math.min(context.workers, jobs.length) }, () => work(queue, context)));
  for (const job of queue.drain()) {
    context.settle(job, skippedReport(job, stoppedBy(context) ?? "the run was stopped"));
  }
}

function stoppedBy({ brake, gate }: WorkContext): string | undefined {
  return brake.reason ?? gate.reason;
}

async function work(queue: TenantQueue, context: WorkContext): Promise<void> {
  while (stoppedBy(context) === undefined) {
    const job = queue.take(performance.now());
    if (job !== undefined) {
      await workOn(job, queue, context);
      continue;
    }
    const dueAt = queue.nextDueAt();
    // Whoever postpones a tenant looks for work again, so nobody needs to wait for those that are being worked on.
    if (dueAt === undefined) return;
    await pause(dueAt - performance.now(), context.brake.pulled);
  }
}

async function workOn(job: TenantJob, queue: TenantQueue, context: WorkContext): Promise<void> {
  const result = await (context.attempt?.(job) ?? attemptTenant(job, context));
  if (result.kind === "finished") {
    context.gate.answered();
    return context.settle(job, result.report);
  }
  const { error, step } = result;
  const { isConnectionLost, sqlState } = readSqlError(error);
  if (sqlState === "55P03") job.blockedBy = await readBlockers(job.database.db, job.schema);
  if (!isWorthRetrying(error) || job.attempts >= context.settings.maxAttempts) {
    await settleDoubt(job);
    return context.settle(job, failedReport(job, error, step));
  }
  if (isConnectionLost && !(await context.gate.waitUntilReachable())) {
    return context.settle(job, failedReport(job, error, step));
  }
  const delayMs = backOffMs(job.attempts);
  context.emit({
    type: "tenant-postponed",
    database: job.database.name,
    schema: job.schema,
    attempt: job.attempts,
    delayMs,
    error: failureOf(error, step?.name),
    blockedBy: job.blockedBy,
  });
  queue.postpone(job, performance.now() + delayMs);
}
