import type { JobTenant } from "../job-tenant.js";
import { checkBatches, fillBatches } from "./batches-of-tenant.js";
import type { HostState, SendQuery } from "./host-state.js";

/**
 * What a host keeps that has the tables of this library, with their columns, constraints and indexes, and lets another
 * queue decide which jobs are worked on: the same rows as here by the end, written by hand. It needs no lease and no
 * fence, checks no cancellation and gives nothing back but the batches that are finished.
 */
export class HostTables implements HostState {
  readonly #tenant: JobTenant;
  /** The batches that were told to be finished. */
  #finished: string[] = [];

  constructor(tenant: JobTenant) {
    this.#tenant = tenant;
  }

  async fill(jobs: number, batchSize: number): Promise<void> {
    this.#finished = [];
    await fillBatches(this.#tenant, jobs, batchSize);
  }

  async start(database: SendQuery, jobIds: readonly number[]): Promise<void> {
    await database.query({ name: "host_tables_start", text: START, values: [jobIds] });
  }

  async settle(database: SendQuery, jobIds: readonly number[]): Promise<void> {
    const { rows } = await database.query<{ readonly batch_id: string }>({
      name: "host_tables_settle",
      text: SETTLE,
      values: [jobIds],
    });
    this.#finished.push(...rows.map((batch) => batch.batch_id));
  }

  check(jobs: number): Promise<void> {
    return checkBatches(this.#tenant, jobs, this.#finished);
  }
}

/**
 * A job is in the hands of one worker, so that nobody else locks it. Batches are locked by id: two statements that have
 * several in common would wait for each other.
 */
const START = `with started as (
    update user_1.marketplace_jobs set
      status = 'running',
      attempt = attempt + 1,
      started_at = now(),
      updated_at = now()
    where id = any ($1::integer[]) and status = 'pending'
    returning batch_job_id
  ), waiting as materialized (
    select id from user_1.batch_jobs
    where id = any (array(select batch_job_id from started)) and status = 'pending'
    order by id
    for no key update
  )
  update user_1.batch_jobs set status = 'running', started_at = now()
  where id = any (array(select id from waiting)) and status = 'pending'`;

const SETTLE = `with done as (
    update user_1.marketplace_jobs set
      status = 'completed',
      completed_at = now(),
      updated_at = now()
    where id = any ($1::integer[]) and status = 'running'
    returning batch_job_id, action_type_id, marketplace, started_at, completed_at
  ), counted as (
    select batch_job_id as id, count(*)::integer as jobs from done group by batch_job_id
  ), locked as materialized (
    select id from user_1.batch_jobs where id in (select id from counted) order by id for no key update
  ), moved as (
    update user_1.batch_jobs b set
      completed_count = b.completed_count + counted.jobs,
      status = case when b.completed_count + counted.jobs = b.total_count then 'completed' else b.status end,
      completed_at = case when b.completed_count + counted.jobs = b.total_count then now() end
    from counted
    where b.id = counted.id and (select count(*) from locked) >= 0
    returning b.batch_id, b.completed_at
  ), stats as (
    insert into user_1.marketplace_job_stats as s (
      action_type_id, marketplace, date, shard,
      total_jobs, success_count, failure_count, duration_ms_sum, duration_count
    )
    select action_type_id, marketplace, (now() at time zone 'UTC')::date, pg_backend_pid() % 16,
      count(*), count(*), 0, sum(round(extract(epoch from completed_at - started_at) * 1000)), count(*)
    from done
    where (select count(*) from moved) >= 0
    group by action_type_id, marketplace
    on conflict (action_type_id, marketplace, date, shard) do update set
      total_jobs = s.total_jobs + excluded.total_jobs,
      success_count = s.success_count + excluded.success_count,
      duration_ms_sum = s.duration_ms_sum + excluded.duration_ms_sum,
      duration_count = s.duration_count + excluded.duration_count
  )
  select batch_id from moved where completed_at is not null`;
