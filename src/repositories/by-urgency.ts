import type { MarketplaceJobRow } from "./marketplace-job-row.js";

/** The order of the queue. A time is compared as it was stored: a `Date` has lost its microseconds. */
export function byUrgency(left: MarketplaceJobRow, right: MarketplaceJobRow): number {
  return left.priority - right.priority || Number(left.run_at) - Number(right.run_at) || left.id - right.id;
}
