import { MarketplaceJobsError } from "../errors/marketplace-jobs-error.js";
import { summarize } from "./summary.js";
import type { SyncReport } from "./sync-report.js";

/**
 * A run in which something failed (`TENANT_SYNC_FAILED`) or that was aborted (`TENANT_SYNC_ABORTED`). The report has
 * every schema, those that were migrated included; a second run takes up where this one ended.
 */
export class TenantSyncError extends MarketplaceJobsError {
  readonly report: SyncReport;

  constructor(report: SyncReport, cause?: unknown) {
    super({
      code: report.status === "aborted" ? "TENANT_SYNC_ABORTED" : "TENANT_SYNC_FAILED",
      message: summarize(report),
      hint: "Look at report.tenants for each schema's error and its hint, then run again: what is done is not done twice.",
      isRetryable: report.status === "aborted",
      cause,
    });
    this.report = report;
  }
}
