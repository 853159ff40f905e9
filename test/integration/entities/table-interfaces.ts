import type { Selectable } from "kysely";
import type { JobStatsTable } from "../../../src/entities/job-stats.js";
import type { BatchJobsTable, MarketplaceJobsTable } from "../../../src/entities/tenant-tables.js";

/** `true` for a column that may be null, as the interface says it; the compiler refuses any other value. */
type Nullability<Row> = { readonly [Column in keyof Row]: null extends Row[Column] ? true : false };

const batchJobs: Nullability<Selectable<BatchJobsTable>> = {
  id: false,
  batch_id: false,
  marketplace: false,
  action_code: false,
  total_count: false,
  completed_count: false,
  failed_count: false,
  cancelled_count: false,
  status: false,
  priority: false,
  created_by_user_id: true,
  created_at: false,
  started_at: true,
  completed_at: true,
  pruned_at: true,
};

const marketplaceJobs: Nullability<Selectable<MarketplaceJobsTable>> = {
  id: false,
  marketplace: false,
  batch_job_id: true,
  action_type_id: false,
  product_id: true,
  idempotency_key: true,
  status: false,
  priority: false,
  input_data: true,
  result_data: true,
  error_message: true,
  retry_count: false,
  max_retries: false,
  attempt: false,
  cancel_requested: false,
  cancel_requested_at: true,
  started_at: true,
  completed_at: true,
  expires_at: true,
  lease_expires_at: true,
  run_at: false,
  created_at: false,
  updated_at: false,
};

const jobStats: Nullability<Selectable<JobStatsTable>> = {
  id: false,
  action_type_id: false,
  marketplace: false,
  date: false,
  shard: false,
  total_jobs: false,
  success_count: false,
  failure_count: false,
  duration_ms_sum: false,
  duration_count: false,
  created_at: false,
};

/** The columns that the interfaces name, as the catalog would list them. */
export const tableInterfaceColumns = {
  batch_jobs: listed(batchJobs),
  marketplace_jobs: listed(marketplaceJobs),
} as const;

export const jobStatsColumns = listed(jobStats);

function listed(columns: Readonly<Record<string, boolean>>): { name: string; nullable: boolean }[] {
  return Object.entries(columns)
    .map(([name, nullable]) => ({ name, nullable }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
