import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** A schema of that name is there already, perhaps with somebody's tables in it; nothing was changed. */
export class TenantSchemaExistsError extends MarketplaceJobsError {}
