import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** `to` names a migration that is not in the set; the hint has the nearest name. */
export class UnknownMigrationError extends MarketplaceJobsError {}
