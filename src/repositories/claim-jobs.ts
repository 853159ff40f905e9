import * as z from "zod";
import { rowIdSchema } from "../entities/job-reference.js";
import { DEFAULT_LEASE_MS, MAX_LEASE_MS, MIN_LEASE_MS } from "../entities/job-timing.js";
import type { Marketplace } from "../entities/marketplace.js";
import { marketplaceSchema } from "../entities/marketplace.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { parseInput } from "../errors/parse-input.js";
import { byUrgency } from "./by-urgency.js";
import type { ClaimStatementParams } from "./claim-statement.js";
import { claimStatement } from "./claim-statement.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { toMarketplaceJob } from "./marketplace-job-row.js";
import type { TenantDatabase } from "./tenant-database.js";

/** A worker that starts more at once than this keeps other workers waiting for jobs that it only holds. */
export const MAX_CLAIMED_JOBS = 1_000;

/** More marketplaces than a tenant sells on. */
const MAX_CLAIMED_MARKETPLACES = 100;

export interface ClaimJobsParams {
  /** One marketplace or several, compared exactly: without them a claim would have to sort the whole queue. */
  readonly marketplace: Marketplace | readonly Marketplace[];
  /** 1–1,000. */
  readonly limit: number;
  /** Only jobs of these action types. Due jobs of others are stepped over one by one, so keep these few. */
  readonly actionTypeIds?: readonly number[] | undefined;
  /** How long the jobs are held, {@link DEFAULT_LEASE_MS} when left out. */
  readonly leaseMs?: number | undefined;
}

export const leaseMsSchema = z.int().min(MIN_LEASE_MS).max(MAX_LEASE_MS).default(DEFAULT_LEASE_MS);

const claimJobsParamsSchema = z.strictObject({
  marketplace: z
    .union([marketplaceSchema, z.array(marketplaceSchema).min(1).max(MAX_CLAIMED_MARKETPLACES)])
    .transform((marketplace) => [...new Set(typeof marketplace === "string" ? [marketplace] : marketplace)]),
  limit: z.int().min(1).max(MAX_CLAIMED_JOBS),
  actionTypeIds: z.array(rowIdSchema).min(1).max(MAX_CLAIMED_JOBS).optional(),
  leaseMs: leaseMsSchema,
});

export function parseClaim(params: ClaimJobsParams): ClaimStatementParams {
  const { marketplace: marketplaces, ...parsed } = parseInput(claimJobsParamsSchema, params, {
    code: "INVALID_INPUT",
    subject: "claimJobs",
  });
  return { marketplaces, ...parsed };
}

export async function claimJobs(tenant: TenantDatabase, params: ClaimStatementParams): Promise<MarketplaceJob[]> {
  return (await claimRows(tenant, params)).map(toMarketplaceJob);
}

/** Most urgent first. */
export async function claimRows(
  tenant: TenantDatabase,
  params: ClaimStatementParams,
): Promise<readonly MarketplaceJobRow[]> {
  const { rows } = await claimStatement(tenant, params).execute(tenant.db);
  return rows.toSorted(byUrgency);
}
