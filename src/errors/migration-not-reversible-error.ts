import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** Going back to `to` needs the `down` of a migration that has none; nothing was run. */
export class MigrationNotReversibleError extends MarketplaceJobsError {}
