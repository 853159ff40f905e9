/** What the tenant's tables are asked, answered by one library; a call gives what a caller of the library would use. */
export interface TenantClient {
  readonly name: string;
  jobsOfBatch(batchId: string): Promise<readonly unknown[]>;
  batchSummary(batchId: string): Promise<unknown>;
  listJobs(): Promise<readonly unknown[]>;
  /** A claim as a host writes it: it starts jobs that nobody else is about to start, and leaves their batch alone. */
  claimJobs(limit: number): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

export const MARKETPLACE = "vinted";
export const PAGE = 50;
export const LEASE = "10 minutes";
