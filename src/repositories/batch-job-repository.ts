import { BatchReading } from "./batch-reading.js";

/** The batches of one tenant. */
export class BatchJobRepository extends BatchReading {}
