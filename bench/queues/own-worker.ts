import type { CoalescedJobCalls, MarketplaceJob } from "marketplace-jobs";

interface OwnWorkerParams {
  readonly jobs: CoalescedJobCalls;
  /** How many jobs the worker takes at a time. */
  readonly atATime: number;
  /** How many claims it has asked for while it works, and how many answers to its outcomes it does not wait for. */
  readonly ahead: number;
  /** Gets the batches that it finishes. */
  readonly finished: string[];
}

/** Until nothing is due. */
export async function work(params: OwnWorkerParams): Promise<void> {
  await (params.ahead === 0 ? workInTurn(params) : workAhead(params));
}

async function workInTurn({ jobs, atATime, finished }: OwnWorkerParams): Promise<void> {
  for (;;) {
    const claimed = await jobs.claimJobs({ marketplace: "vinted", limit: atATime });
    const [first] = claimed;
    if (first === undefined) return;
    if (atATime > 1) {
      await settle(jobs, claimed, finished, "job");
      continue;
    }
    const settled = await jobs.completeJob(first);
    if (settled?.finishedBatch !== undefined) finished.push(settled.finishedBatch.batchId);
  }
}

async function workAhead({ jobs, atATime, ahead, finished }: OwnWorkerParams): Promise<void> {
  const claim = (): Promise<MarketplaceJob[]> => jobs.claimJobs({ marketplace: "vinted", limit: atATime });
  const claims = Array.from({ length: ahead }, claim);
  const settling = new Set<Promise<void>>();
  for (;;) {
    const claimed = await claims.shift();
    if (claimed === undefined) break;
    if (claimed.length === 0) continue;
    claims.push(claim());
    const settled: Promise<void> = settle(jobs, claimed, finished, "status").then(() => void settling.delete(settled));
    settling.add(settled);
    if (settling.size >= ahead) await Promise.race(settling);
  }
  await Promise.all(settling);
}

async function settle(
  jobs: CoalescedJobCalls,
  claimed: readonly MarketplaceJob[],
  finished: string[],
  returning: "job" | "status",
): Promise<void> {
  const outcomes = claimed.map((job) => ({ job, outcome: "completed" as const }));
  const { finishedBatches } = await jobs.settleJobs(outcomes, { returning });
  finished.push(...finishedBatches.map(({ batchId }) => batchId));
}
