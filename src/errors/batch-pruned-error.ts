import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** Jobs of the batch were deleted, so its counters are all that is known of them and a recount would falsify them. */
export class BatchPrunedError extends MarketplaceJobsError {
  constructor({ tenant, batchId }: { readonly tenant: string; readonly batchId: string }) {
    super({
      code: "BATCH_PRUNED",
      tenant,
      message: `Batch ${JSON.stringify(batchId)} of ${JSON.stringify(tenant)} cannot be recounted: jobs of it were deleted.`,
      hint: "Leave its counters as they are: they are the history of the deleted jobs.",
      details: { batchId },
    });
  }
}
