const OWN =
  /^(syncTenantSchemas|verifyTenantSchemas|createTenantSchema|createBatch|claimJobs|getJobsByBatchId|getBatchSummary|listJobs)\b/;

/** Whether a row is the library's own: those are called by the name of the function that they call. */
export function isOwnRow(name: string): boolean {
  return OWN.test(name);
}

/** The name for the first cell of a row: the library's own rows are bold. */
export function rowTitle(name: string): string {
  return isOwnRow(name) ? `**${name}**` : name;
}
