import {
  type MarketplaceJobRow,
  marketplaceJobColumns,
  toMarketplaceJob,
} from "../../src/repositories/marketplace-job-row.js";
import type { MarketplaceJob } from "../../src/entities/marketplace-job.js";

/** Each column of a job under the name that the answer gives it. */
export const jobColumns: readonly (readonly [column: string, property: string])[] = marketplaceJobColumns.map(
  (column) => [column, column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())],
);

/** The library's own mapper: a slower one would make whoever has to map by hand look slow. */
export function toJob(row: Readonly<Record<string, unknown>>): MarketplaceJob {
  return toMarketplaceJob(row as unknown as MarketplaceJobRow);
}
