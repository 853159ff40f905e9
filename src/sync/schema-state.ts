import type { TenantSyncFailure } from "./sync-report.js";

/** What is known about one schema: which migrations its ledger records, or why that could not be read. */
export interface SchemaState {
  readonly schema: string;
  readonly hasLedger: boolean;
  /** The recorded names by code unit. */
  readonly recorded: readonly string[];
  /** The ledger could not be read. */
  readonly failure?: TenantSyncFailure | undefined;
}
