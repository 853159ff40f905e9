import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { TenantDatabase } from "./tenant-database.js";

/**
 * Lets every batch of which the step `moved` started a first job run. A batch that runs already is not touched, so
 * that claiming does not wait for those who count in it. Several batches are locked by id before; one needs no order.
 */
export function batchStart({ names }: TenantDatabase, jobs: "one" | "many"): RawBuilder<unknown> {
  const isNotStarted = sql`(b.status = 'pending' or (b.status = 'running' and b.started_at is null))`;
  const start = sql`
    update ${names.batchJobs} b set status = 'running', started_at = coalesce(b.started_at, statement_timestamp())`;
  if (jobs === "one") {
    return sql`
      batch_started as (${start}
        where b.id = (select batch_job_id from moved) and ${isNotStarted}
      )`;
  }
  return sql`
    batch_locked as materialized (
      select b.id
      from ${names.batchJobs} b
      where b.id in (select batch_job_id from moved) and ${isNotStarted}
      order by b.id
      for no key update
    ), batch_started as (${start}
      where b.id in (select id from batch_locked)
    )`;
}
