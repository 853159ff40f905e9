import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** A schema that was named by the caller does not exist; nothing was run. `details.schemas` lists all of them. */
export class UnknownTenantSchemaError extends MarketplaceJobsError {}
