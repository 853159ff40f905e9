import type { CoalescedJobCalls, MarketplaceJob } from "marketplace-jobs";

interface OwnWorkerParams {
  readonly jobs: CoalescedJobCalls;
  /** How many jobs the worker takes at a time. */
  readonly atATime: number;
  /**
   * For how many turns it asks while it works, in one claim, without waiting for the answers to as many outcomes; 0 for a
   * worker that does one thing after the other.
   */
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
      await settle(jobs, claimed, finished);
      continue;
    }
    const settled = await jobs.completeJob(first);
    if (settled?.finishedBatch !== undefined) finished.push(settled.finishedBatch.batchId);
  }
}

async function workAhead({ jobs, atATime, ahead, finished }: OwnWorkerParams): Promise<void> {
  const ask = (): Promise<MarketplaceJob[]> => jobs.claimJobs({ marketplace: "vinted", limit: atATime * ahead });
  let next = ask();
  let written: Promise<unknown> = Promise.resolve();
  for (;;) {
    const given = await next;
    if (given.length === 0) break;
    next = ask();
    await written;
    const turns = Array.from({ length: Math.ceil(given.length / atATime) }, (_, turn) =>
      given.slice(turn * atATime, (turn + 1) * atATime),
    );
    written = Promise.all(turns.map((turn) => settle(jobs, turn, finished)));
  }
  await written;
}

async function settle(jobs: CoalescedJobCalls, claimed: readonly MarketplaceJob[], finished: string[]): Promise<void> {
  const outcomes = claimed.map((job) => ({ job, outcome: "completed" as const }));
  const { finishedBatches } = await jobs.settleJobs(outcomes, { returning: "status" });
  finished.push(...finishedBatches.map(({ batchId }) => batchId));
}
