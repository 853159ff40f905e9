import type { ActionTypeRepository } from "../../../src/repositories/action-type-repository.js";
import type { TenantRepositories } from "../../../src/repositories/for-tenant.js";

interface EveryRepository extends TenantRepositories {
  readonly types: ActionTypeRepository;
}

/** Calls every method of a tenant's repositories, each in a way that gets as far as its statement. */
export async function callEveryMethod({ types, jobs, batches, stats }: EveryRepository): Promise<void> {
  await types.resolveActionType({ marketplace: "vinted", code: "publish" });
  await types.listActionTypes({ marketplace: "vinted" });
  const { job } = await jobs.createJob({ marketplace: "vinted", actionCode: "publish", idempotencyKey: "a" });
  await jobs.createJobs([
    { marketplace: "ebay", actionCode: "update", productId: 1 },
    { marketplace: "ebay", actionCode: "update", productId: 2, idempotencyKey: "b" },
  ]);
  const { batch } = await batches.createBatch({
    marketplace: "vinted",
    actionCode: "publish",
    productIds: [1, 2, 3, 4],
  });
  const { batchId } = batch;
  await jobs.pauseJob(job.id);
  await jobs.resumeJob(job.id);
  await jobs.startJob(job.id);
  await jobs.cancelJob(job.id);
  await jobs.acknowledgeCancel(job.id);
  const claimed = await jobs.claimJobs({ marketplace: ["vinted", "ebay"], limit: 6 });
  await jobs.extendLeases(claimed);
  const [completed, failed, ...others] = claimed;
  if (completed !== undefined) await jobs.completeJob(completed, { listing: 1 });
  if (failed !== undefined) await jobs.failJob(failed, "no answer");
  await jobs.settleJobs(others.map((other) => ({ job: other, outcome: "failed", error: "no answer", retry: false })));
  await jobs.expireOverdueJobs();
  await jobs.rescueLostJobs();
  await jobs.getJob(job.id);
  await jobs.getJobsByBatchId(batchId, { status: "failed", limit: 2, after: 1 });
  const [first] = await jobs.listJobs({ marketplace: "vinted", batchId, limit: 1 });
  await jobs.listJobs({ after: first?.id, limit: 1 });
  await jobs.listJobsWithBatches({ limit: 5 });
  await jobs.countJobsByStatus({ batchId });
  await jobs.getInterruptedJobs();
  await jobs.retryFailedJobs(batchId);
  await batches.getBatch(batch.id);
  await batches.getBatchByBatchId(batchId);
  await batches.getBatchSummary(batchId);
  await batches.listBatches({ status: "running" });
  await batches.listActiveBatches();
  await batches.auditBatches();
  await batches.repairBatch(batchId);
  await batches.cancelBatch(batchId);
  // Later than what the server, whose clock is finer, has just called now.
  await jobs.deleteFinishedJobs({ olderThan: new Date(Date.now() + 60_000), limit: 100 });
  await stats.getDailyStats({ days: 7 });
}

/** The methods of an object's class and of those that it extends. */
export function methodsOf(repository: object): string[] {
  const names: string[] = [];
  for (let of: object = repository; of !== Object.prototype; of = Object.getPrototypeOf(of) as object) {
    const descriptors = Object.entries(Object.getOwnPropertyDescriptors(of));
    names.push(...descriptors.filter(([, { value }]) => typeof value === "function").map(([name]) => name));
  }
  return names.filter((name) => name !== "constructor");
}
