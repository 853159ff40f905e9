import { sql } from "kysely";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { marketplaceJobColumns } from "./marketplace-job-row.js";
import { isOpen } from "./indexed-jobs.js";
import type { TenantDatabase } from "./tenant-database.js";

interface InterruptedJobsPage {
  readonly marketplace?: string | undefined;
  readonly limit: number;
}

/** Running and paused jobs, by `marketplace_jobs_open_idx`; a job that never expires can always go on. */
export async function interruptedJobRows(
  { db }: TenantDatabase,
  { marketplace, limit }: InterruptedJobsPage,
): Promise<MarketplaceJobRow[]> {
  return db
    .selectFrom("marketplace_jobs as j")
    .select(marketplaceJobColumns)
    .where(isOpen)
    .where("status", "in", ["running", "paused"])
    .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", sql<Date>`statement_timestamp()`)]))
    .$if(marketplace !== undefined, (query) => query.where("marketplace", "=", marketplace!))
    .orderBy("created_at")
    .orderBy("id")
    .limit(limit)
    .execute();
}
