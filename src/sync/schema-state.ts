import { isWorthRetrying } from "./failure.js";
import type { TenantSyncFailure } from "./sync-report.js";

/** What is known about one schema: which migrations its ledger records, or why that could not be read. */
export interface SchemaState {
  readonly schema: string;
  readonly hasLedger: boolean;
  /** The recorded names by code unit. */
  readonly recorded: readonly string[];
  /** The ledger could not be read. */
  readonly failure?: TenantSyncFailure | undefined;
  /** What was thrown then, where something was: it tells whether a second look may succeed. */
  readonly error?: unknown;
  /** The schema was there when the catalog was read, and no longer when its ledger was. */
  readonly isGone?: boolean;
}

/** The ledger could not be read, and may be a moment later: somebody has it locked. */
export function isBusy({ failure, error }: SchemaState): boolean {
  return failure !== undefined && isWorthRetrying(error);
}
