import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** No tenant and no template has the table, or the column. `details` holds both names, and the nearest that exists. */
export class UnknownColumnError extends MarketplaceJobsError {}
