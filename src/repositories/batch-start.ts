import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { TenantDatabase } from "./tenant-database.js";

/**
 * Lets every batch run of which the step `started` starts a first job. A batch that runs already is not touched, so
 * that claiming does not wait for those who count in it.
 *
 * Several batches are locked by id before; one needs no order. They are looked up one by one and then named by their
 * ids, since the planner would read the whole table for them, both times: it expects each claimed job to be of another
 * batch, and every batch to be waiting.
 */
export function batchStart({ names }: TenantDatabase, jobs: "one" | "many", started: string): RawBuilder<unknown> {
  const isNotStarted = sql`(b.status = 'pending' or (b.status = 'running' and b.started_at is null))`;
  const start = sql`
    update ${names.batchJobs} b set status = 'running', started_at = coalesce(b.started_at, statement_timestamp())`;
  if (jobs === "one") {
    return sql`
      batch_started as (${start}
        where b.id = (select batch_job_id from ${sql.ref(started)}) and ${isNotStarted}
      )`;
  }
  return sql`
    batch_locked as materialized (
      select b.id, b.status
      from (
        select distinct batch_job_id as id from ${sql.ref(started)} where batch_job_id is not null order by batch_job_id
      ) of_jobs
      cross join lateral (
        select b.id, b.status
        from ${names.batchJobs} b
        where b.id = of_jobs.id and ${isNotStarted}
        for no key update
      ) b
    ), batch_started as (${start}
      where b.id = any (array(select id from batch_locked where status in ('pending', 'running')))
    )`;
}
