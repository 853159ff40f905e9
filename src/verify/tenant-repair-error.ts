import { MarketplaceJobsError } from "../errors/marketplace-jobs-error.js";
import type { RepairReport } from "./repair-report.js";

/** A repair in which something failed, was refused, or that was aborted (`TENANT_REPAIR_FAILED`). */
export class TenantRepairError extends MarketplaceJobsError {
  readonly report: RepairReport;

  constructor(report: RepairReport) {
    const bad = report.tenants.filter(({ outcome, refused }) => outcome === "failed" || refused.length > 0);
    const [first] = bad;
    const reason = first?.error?.message ?? first?.refused[0]?.message ?? "the run was aborted";
    super({
      code: "TENANT_REPAIR_FAILED",
      message: `Repair of tenant schemas ${report.status}: ${bad.length} of ${report.tenants.length} schemas are not repaired${first === undefined ? "" : `, first ${first.schema}`}: ${reason}`,
      hint: "Look at report.tenants: each one's error or refusals say what to do. What was mended stays.",
      isRetryable: report.status === "aborted",
    });
    this.report = report;
  }
}
