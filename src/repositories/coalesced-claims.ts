import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { CallGroups } from "./call-groups.js";
import type { ClaimJobsParams } from "./claim-jobs.js";
import { claimJobs, claimRows, MAX_CLAIMED_JOBS, parseClaim } from "./claim-jobs.js";
import type { ClaimStatementParams } from "./claim-statement.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { toMarketplaceJob } from "./marketplace-job-row.js";
import type { TenantDatabase } from "./tenant-database.js";
import type { Placing } from "./waiting-calls.js";

interface ClaimRequest {
  readonly params: ClaimStatementParams;
  /** Equal for claims that differ in their limits alone. */
  readonly queue: string;
}

/** Claims of the same jobs, as one claim whose limit is the sum of theirs. */
export class CoalescedClaims {
  readonly #tenant: TenantDatabase;
  readonly #groups: CallGroups<ClaimRequest, MarketplaceJobRow>;

  constructor(tenant: TenantDatabase, concurrency: number) {
    this.#tenant = tenant;
    this.#groups = new CallGroups({
      concurrency,
      jobsOf: ({ params }) => params.limit,
      beginGroup,
      send: (group) => send(tenant, group),
      share,
    });
  }

  async claim(params: ClaimJobsParams): Promise<MarketplaceJob[]> {
    const parsed = parseClaim(params);
    return this.#groups.call(
      { params: parsed, queue: queueOf(parsed) },
      { alone: () => claimJobs(this.#tenant, parsed), answer: (rows) => rows.map(toMarketplaceJob) },
    );
  }
}

function send(tenant: TenantDatabase, group: readonly ClaimRequest[]): Promise<readonly MarketplaceJobRow[]> {
  const limit = group.reduce((sum, { params }) => sum + params.limit, 0);
  return claimRows(tenant, { ...group[0]!.params, limit });
}

/** The rows of a statement come most urgent first, and are handed out so, to whoever asked first. */
function share(group: readonly ClaimRequest[], rows: readonly MarketplaceJobRow[]): MarketplaceJobRow[][] {
  let taken = 0;
  return group.map(({ params }) => rows.slice(taken, (taken += params.limit)));
}

/**
 * Nobody overtakes who asked earlier for the same jobs: the first one that does not fit ends the group. Of two statements
 * at once either may come first, as of two claims by themselves.
 */
function beginGroup(): (request: ClaimRequest) => Placing {
  let first: ClaimRequest | undefined;
  let left = MAX_CLAIMED_JOBS;
  return (request) => {
    first ??= request;
    if (request.queue !== first.queue) return "waits";
    left -= request.params.limit;
    return left >= 0 ? "joins" : "goes next";
  };
}

function queueOf({ marketplaces, actionTypeIds = [], leaseMs }: ClaimStatementParams): string {
  const ids = [...new Set(actionTypeIds)].toSorted((left, right) => left - right);
  return JSON.stringify([marketplaces.toSorted(), ids, leaseMs]);
}
