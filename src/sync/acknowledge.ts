import { readSqlError } from "../tenancy/sql-error.js";
import { parseDetails } from "./failure.js";
import { WANTS_ACKNOWLEDGEMENT } from "./migration-message.js";
import type { TenantJob } from "./tenant-job.js";

/** A migration may ask for this many warnings to be taken note of; one that asks on is going in circles. */
const MAX_ACKNOWLEDGEMENTS = 20;

/** Takes note of a warning; false when there is none, or when the migration repeats itself. */
export function acknowledge(job: TenantJob, error: unknown): boolean {
  const { sqlState, detail } = readSqlError(error);
  if (sqlState !== WANTS_ACKNOWLEDGEMENT) return false;
  const details = parseDetails(detail);
  const key = details?.["acknowledge"];
  if (typeof key !== "string" || job.acknowledged.has(key) || job.acknowledged.size >= MAX_ACKNOWLEDGEMENTS) {
    return false;
  }
  job.acknowledged.add(key);
  if (typeof details?.["warning"] === "string") job.warnings.add(details["warning"]);
  return true;
}
