import type { JobStatus } from "../entities/job-status.js";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import { InvalidRowError } from "../errors/invalid-row-error.js";
import type { MovedStatusRow } from "./job-move-row.js";
import type { MovedRows } from "./job-move.js";
import { toMarketplaceJob } from "./marketplace-job-row.js";

/** What became of a job, for workers that have the rest of it in hand. */
export interface SettledJobStatus {
  readonly id: number;
  /** `pending` when it waits for another attempt. */
  readonly status: JobStatus;
}

/** What `settleJobs` can give of each job that it settled. */
export interface SettledForms {
  /** The whole job as it became. */
  readonly job: MarketplaceJob;
  readonly status: SettledJobStatus;
}

/** How `settleJobs` answers: with whole jobs or with their statuses. */
export type SettledForm = keyof SettledForms;

type SettledReaders = { readonly [Form in SettledForm]: (row: MovedRows[Form]) => SettledForms[Form] };

export const settledReaders: SettledReaders = { job: toMarketplaceJob, status: toSettledJobStatus };

function toSettledJobStatus({ id, status }: MovedStatusRow): SettledJobStatus {
  if (typeof id !== "number") throw new InvalidRowError({ column: "marketplace_jobs.id", expected: "a number" });
  return { id, status };
}
