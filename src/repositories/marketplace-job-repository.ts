import { JobReading } from "./job-reading.js";

/** The jobs of one tenant. */
export class MarketplaceJobRepository extends JobReading {}
