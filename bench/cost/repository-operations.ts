import type { MarketplaceJob, NewBatchJob } from "marketplace-jobs";
import { INPUT_DATA } from "../writes/batch-rows.js";
import type { Operation, OperationContext } from "./operation.js";

type Call = (context: OperationContext, index: number) => Promise<unknown>;

const marketplace = "vinted";
const actionCode = "publish";

/** The methods that a host calls most, each in a tenant with some jobs in it. */
export const repositoryOperations: readonly Operation[] = [
  calls("getJob", 200, ({ repositories: { jobs } }, index) => jobs.getJob(index + 1)),
  calls("getJobsByBatchId, 200 jobs", 50, ({ repositories: { jobs } }) => jobs.getJobsByBatchId("of_200")),
  calls("getJobsByBatchId, 10,000 jobs", 5, ({ repositories: { jobs } }) => jobs.getJobsByBatchId("of_10000")),
  calls("getBatchSummary", 200, ({ repositories: { batches } }) => batches.getBatchSummary("of_200")),
  calls("listJobs, a page of 50", 100, ({ repositories: { jobs } }) => jobs.listJobs({ marketplace })),
  calls("countJobsByStatus", 20, ({ repositories: { jobs } }) => jobs.countJobsByStatus()),
  calls("createJob", 200, ({ repositories: { jobs } }) => jobs.createJob({ marketplace, actionCode, productId: 17 })),
  calls("createBatch, 1 job", 200, createBatchOf(1)),
  calls("createBatch, 200 jobs", 20, createBatchOf(200)),
  calls("createBatch, 10,000 jobs", 3, createBatchOf(10_000)),
  calls("claimJobs, 1 job", 200, claim(1)),
  calls("claimJobs, 10 jobs", 100, claim(10)),
  afterClaiming("extendLeases, 10 jobs", 50, 10, ({ repositories: { jobs } }, held) => jobs.extendLeases(held)),
  afterClaiming("completeJob", 200, 1, async ({ repositories: { jobs } }, held) => {
    for (const job of held) await jobs.completeJob(job);
  }),
  afterClaiming("failJob, with a retry left", 200, 1, async ({ repositories: { jobs } }, held) => {
    for (const job of held) await jobs.failJob(job, "429 Too Many Requests");
  }),
  afterClaiming("settleJobs, 50 jobs", 20, 50, ({ repositories: { jobs } }, held) =>
    jobs.settleJobs(held.map((job) => ({ job, outcome: "completed" }))),
  ),
  calls(
    "cancelBatch, 200 jobs",
    20,
    ({ repositories: { batches } }, index) => batches.cancelBatch(`to_cancel_${index}`),
    async ({ repositories: { batches }, count }) => {
      for (let index = 0; index < count; index += 1) await batches.createBatch(batchOf(200, `to_cancel_${index}`));
    },
  ),
  calls(
    "deleteFinishedJobs, 1,000 jobs",
    5,
    ({ repositories: { jobs } }) => jobs.deleteFinishedJobs({ olderThan: new Date(), limit: 1_000 }),
    async ({ repositories: { jobs }, count }) => {
      for (let index = 0; index < count; index += 1) {
        const held = await jobs.claimJobs({ marketplace, limit: 1_000 });
        await jobs.settleJobs(held.map((job) => ({ job, outcome: "completed" })));
      }
    },
  ),
];

function calls(name: string, count: number, call: Call, prepare?: Operation["prepare"]): Operation {
  return {
    name,
    unit: "call",
    place: "tenant",
    count,
    quickCount: 2,
    ...(prepare === undefined ? {} : { prepare }),
    async work(context) {
      for (let index = 0; index < context.count; index += 1) await call(context, index);
    },
  };
}

/** Calls with jobs that the worker holds. */
function afterClaiming(
  name: string,
  count: number,
  atATime: number,
  call: (context: OperationContext, held: MarketplaceJob[]) => Promise<unknown>,
): Operation {
  const held: MarketplaceJob[][] = [];
  const prepare = async (context: OperationContext): Promise<void> => {
    for (let index = 0; index < context.count; index += 1) {
      held.push(await context.repositories.jobs.claimJobs({ marketplace, limit: atATime }));
    }
  };
  return calls(name, count, (context, index) => call(context, held[index] ?? []), prepare);
}

function claim(limit: number): Call {
  return ({ repositories: { jobs } }) => jobs.claimJobs({ marketplace, limit });
}

function createBatchOf(size: number): Call {
  return ({ repositories: { batches } }, index) => batches.createBatch(batchOf(size, `measured_${index}`));
}

export function batchOf(size: number, batchId: string): NewBatchJob {
  const productIds = Array.from({ length: size }, (_, index) => index + 1);
  return { marketplace, actionCode, batchId, productIds, inputData: INPUT_DATA };
}
