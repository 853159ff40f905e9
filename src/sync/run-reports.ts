import type { TenantSyncReport } from "./sync-report.js";
import type { TenantJob } from "./tenant-job.js";

/** What became of each job, in the order in which the jobs were made, whichever ended first. */
export class RunReports {
  readonly #jobs: TenantJob[] = [];
  readonly #reports = new Map<TenantJob, TenantSyncReport>();

  expect(job: TenantJob): TenantJob {
    this.#jobs.push(job);
    return job;
  }

  set(job: TenantJob, report: TenantSyncReport): void {
    this.#reports.set(job, report);
  }

  all(): TenantSyncReport[] {
    return this.#jobs.flatMap((job) => this.#reports.get(job) ?? []);
  }
}
