import { sql } from "kysely";
import { arrayText } from "./array-text.js";
import { columnList } from "./column-list.js";
import { duration } from "./duration.js";
import { jsonRows } from "./json-rows.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { marketplaceJobColumns } from "./marketplace-job-row.js";
import type { TenantDatabase } from "./tenant-database.js";
import type { TenantStatement } from "./tenant-statement.js";
import { tenantStatement } from "./tenant-statement.js";

interface AskedJob {
  readonly id: number;
  readonly attempt: number | null;
}

/** A job asked for: the job with its longer lease, or all `null` when it is no longer the worker's. */
export type ExtendedLeaseRow = { readonly asked_id: number; readonly asked_attempt: number | null } & (
  | MarketplaceJobRow
  | { readonly [Column in keyof MarketplaceJobRow]: null }
);

/**
 * Extends leases and looks at the cancel requests in one go, since a heartbeat is what a worker has time for.
 *
 * Whether a job runs is taken out of its row as a value: PostgreSQL knows how rare a status is, expects a single row of
 * one that was rare, and would compare each of thousands with each.
 */
export function extendLeasesStatement(
  tenant: TenantDatabase,
  jobs: readonly AskedJob[],
  leaseMs: number,
): TenantStatement<ExtendedLeaseRow> {
  return tenantStatement(tenant, {
    form: "extend leases",
    values: {
      jobs: JSON.stringify(jobs.map(({ id, attempt }, position) => ({ position, id, attempt }))),
      ids: arrayText(jobs.map(({ id }) => id)),
      leaseMs,
    },
    write: ({ names }, values) => sql<ExtendedLeaseRow>`
      with asked as materialized (
        select position, id, attempt from ${jsonRows(values.jobs, "given", "position integer, id integer, attempt integer")}
      ), locked as materialized (
        select j.id, j.attempt, j.status = 'running' as is_running
        from ${names.marketplaceJobs} j
        where j.id = any (${values.ids}::integer[])
        order by j.id
        for no key update
      ), extended as (
        update ${names.marketplaceJobs} j set
          lease_expires_at = statement_timestamp() + ${duration(values.leaseMs)},
          updated_at = statement_timestamp()
        from locked l
        join asked a on a.id = l.id
        where j.id = l.id and l.is_running and (a.attempt is null or a.attempt = l.attempt)
        returning ${columnList("j", marketplaceJobColumns)}
      )
      select a.id as asked_id, a.attempt as asked_attempt, ${columnList("j", marketplaceJobColumns)}
      from asked a
      left join extended j on j.id = a.id
      order by a.position`,
  });
}
