import type { BatchSummary } from "../../src/entities/batch-summary.js";
import { summarizeBatch } from "../../src/entities/batch-summary.js";
import type { MarketplaceJob } from "../../src/entities/marketplace-job.js";
import { batchJobColumns, type BatchJobRow, toBatchJob } from "../../src/repositories/batch-job-row.js";
import {
  type MarketplaceJobRow,
  marketplaceJobColumns,
  toMarketplaceJob,
} from "../../src/repositories/marketplace-job-row.js";

type NamedColumn = readonly [column: string, property: string];

/** Each column of a job under the name that the answer gives it. */
export const jobColumns: readonly NamedColumn[] = marketplaceJobColumns.map(withProperty);

/** Each column of a batch under the name that the answer gives it. */
export const batchColumns: readonly NamedColumn[] = batchJobColumns.map(withProperty);

export const jobColumnNames: readonly string[] = marketplaceJobColumns;

export const batchColumnNames: readonly string[] = batchJobColumns;

/** The library's own mapper: a slower one would make whoever has to map by hand look slow. */
export function toJob(row: Readonly<Record<string, unknown>>): MarketplaceJob {
  return toMarketplaceJob(row as unknown as MarketplaceJobRow);
}

/** The library's own mapper, as for jobs. */
export function toSummary(row: Readonly<Record<string, unknown>>): BatchSummary {
  return summarizeBatch(toBatchJob(row as unknown as BatchJobRow));
}

function withProperty(column: string): NamedColumn {
  return [column, column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
}
