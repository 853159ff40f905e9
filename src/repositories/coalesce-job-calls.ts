import * as z from "zod";
import { parseInput } from "../errors/parse-input.js";
import { CoalescedClaims } from "./coalesced-claims.js";
import { CoalescedSettling } from "./coalesced-settling.js";
import type { MarketplaceJobRepository } from "./marketplace-job-repository.js";

/**
 * One claim and one settling statement at a time: the longer calls wait for each other, the more of them go together.
 * Forty workers of jobs of up to 10 ms took 1.2 to 1.3 times as long with two, and 1.5 to 1.7 times with four. A
 * second one that is of a hundred jobs or more goes beside the first all the same.
 */
export const DEFAULT_CALL_CONCURRENCY = 1;

/** More than any pool of a worker has connections. */
const MAX_CALL_CONCURRENCY = 100;

export interface CoalesceJobCallsOptions {
  /**
   * Statements under way at a time, of claims and of settling each; {@link DEFAULT_CALL_CONCURRENCY} when left out. A
   * second one goes beside the first where it is of a hundred jobs or more, whatever is said here.
   */
  readonly concurrency?: number | undefined;
}

/** The methods by which a worker comes to its jobs and says what came of them, as the repository has them. */
export type CoalescedJobCalls = Pick<
  MarketplaceJobRepository,
  "claimJobs" | "completeJob" | "failJob" | "acknowledgeCancel" | "settleJobs"
>;

const optionsSchema = z.strictObject({
  concurrency: z.int().min(1).max(MAX_CALL_CONCURRENCY).default(DEFAULT_CALL_CONCURRENCY),
});

const repositorySchema = z.custom<MarketplaceJobRepository>(isRepository, {
  error: "must be a MarketplaceJobRepository",
});

const outsideTransactionSchema = repositorySchema.refine((jobs) => !tenantOf(jobs).db.isTransaction, {
  error: "must not be over a transaction",
});

/**
 * The calls of many workers in one process, together in few statements: what is called while statements are under way
 * goes in the next one. Eight workers that handle one job each need one claim and one settling statement then, not
 * eight of each.
 *
 * Each caller gets exactly what the repository's own method would have given it, and only once it is committed: its
 * jobs, its error, the batch that its job finished. A call that finds a statement free is sent in the same turn of the
 * event loop; nothing waits for a timer, and there is nothing to close. What waits goes in two statements at once where
 * each is of a hundred jobs or more. Share one of these among the workers of a tenant.
 *
 * @throws `INVALID_OPTIONS` for an unknown option, and for a repository over a transaction.
 *
 * @example
 * ```ts
 * import { coalesceJobCalls, forTenant } from "marketplace-jobs";
 *
 * const jobs = coalesceJobCalls(forTenant(db, "user_1").jobs);
 * async function worker(): Promise<void> {
 *   for (;;) {
 *     const [job] = await jobs.claimJobs({ marketplace: "vinted", limit: 1 });
 *     if (job === undefined) return;
 *     await jobs.completeJob(job, { listingId: `listing-of-${job.productId}` });
 *   }
 * }
 * await Promise.all(Array.from({ length: 8 }, worker));
 * ```
 */
export function coalesceJobCalls(
  jobs: MarketplaceJobRepository,
  options: CoalesceJobCallsOptions = {},
): CoalescedJobCalls {
  const { concurrency } = parseInput(optionsSchema, options, {
    code: "INVALID_OPTIONS",
    subject: "coalesceJobCalls options",
  });
  const tenant = tenantOf(parseRepository(jobs));
  const claims = new CoalescedClaims(tenant, concurrency);
  const settling = new CoalescedSettling(tenant, concurrency);
  return {
    claimJobs: (params) => claims.claim(params),
    completeJob: (job, resultData) => settling.complete(job, resultData),
    failJob: (job, error, failOptions) => settling.fail(job, error, failOptions),
    acknowledgeCancel: (job) => settling.acknowledge(job),
    settleJobs: (outcomes, settleOptions) => settling.settle(outcomes, settleOptions),
  };
}

function parseRepository(jobs: unknown): MarketplaceJobRepository {
  const params = { code: "INVALID_OPTIONS", subject: "coalesceJobCalls repository" } as const;
  const repository = parseInput(repositorySchema, jobs, { ...params, hint: "Pass forTenant(db, schema).jobs." });
  return parseInput(outsideTransactionSchema, repository, {
    ...params,
    hint: "Within a transaction use its own forTenant(transaction, schema).jobs: calls that go together would share one fate.",
  });
}

/** By structure: a host may have two copies of this package. */
function isRepository(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("claimJobs" in value)) return false;
  return typeof tenantOf(value as MarketplaceJobRepository)?.db?.getExecutor === "function";
}

/** Not of the public surface: hosts see a repository's methods alone. */
function tenantOf(jobs: MarketplaceJobRepository): MarketplaceJobRepository["tenant"] {
  return jobs["tenant"];
}
