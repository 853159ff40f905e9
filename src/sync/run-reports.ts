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

  /** A warning that came after the job had ended. */
  warn(database: string, schema: string, warning: string): void {
    this.#find(database, schema)?.warnings.push(warning);
  }

  /** Schemas of a database that are as they should be. */
  settledWell(database: string): { readonly schemas: string[]; readonly isChanged: boolean } {
    const reports = [...this.#reports.values()].filter(
      (report) =>
        report.database === database &&
        report.role !== "shared" &&
        ["migrated", "rolled-back", "up-to-date"].includes(report.outcome),
    );
    return {
      schemas: reports.map(({ schema }) => schema),
      isChanged: reports.some(({ applied }) => applied.length > 0),
    };
  }

  all(): TenantSyncReport[] {
    return this.#jobs.flatMap((job) => this.#reports.get(job) ?? []);
  }

  #find(database: string, schema: string): TenantSyncReport | undefined {
    return [...this.#reports.values()].find((report) => report.database === database && report.schema === schema);
  }
}
