import type { JobStatus } from "../entities/job-status.js";

/**
 * Any number of ids, or of words without a character that PostgreSQL's arrays give a meaning, as one parameter for
 * `= any ($1::integer[])`. Unlike rows out of JSON, of which it expects a hundred whatever there are, the planner sees
 * how many these are, and reads one job by the index of even a small table.
 *
 * The text is the array itself: cast from `text` it would be no constant to PostgreSQL, which would do it anew for every
 * row that it compares.
 */
export function arrayText(elements: readonly (number | JobStatus)[]): string {
  return `{${elements.join(",")}}`;
}
