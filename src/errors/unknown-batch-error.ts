import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** A job was to join a batch that does not exist; nothing was created. */
export class UnknownBatchError extends MarketplaceJobsError {
  constructor({ tenant, batchId }: { readonly tenant: string; readonly batchId: string }) {
    super({
      code: "UNKNOWN_BATCH",
      tenant,
      message: `There is no batch ${JSON.stringify(batchId)} in ${JSON.stringify(tenant)}.`,
      hint: "Create the batch first: batches.createBatch({ batchId, … }).",
      details: { batchId },
    });
  }
}
