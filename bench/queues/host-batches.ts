import type pg from "pg";
import type { HostState, SendQuery } from "./host-state.js";

/**
 * What a host keeps itself beside a queue that knows no batches, so that it can answer what is asked here of a batch:
 * which of its jobs run and which are done, how many, and when it is finished. As lean as it goes: no more columns and
 * indexes than that.
 */
export class HostBatches implements HostState {
  readonly #pool: pg.Pool;
  /** The batches that were told to be finished. */
  #finished: number[] = [];

  private constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  static async create(pool: pg.Pool): Promise<HostBatches> {
    await pool.query(`
      create schema host;
      create table host.batch (
        id integer primary key,
        total integer not null,
        completed integer not null default 0,
        completed_at timestamptz
      );
      create table host.job (
        id integer primary key,
        batch_id integer not null references host.batch,
        status text not null default 'pending',
        started_at timestamptz,
        completed_at timestamptz
      );
      create index on host.job (batch_id);`);
    return new HostBatches(pool);
  }

  /** The jobs are 1 to their number, a job's batch is the number of batches before it. */
  async fill(jobs: number, batchSize: number): Promise<void> {
    this.#finished = [];
    await this.#pool.query("truncate host.job, host.batch");
    await this.#pool.query(
      `insert into host.batch (id, total)
      select (job - 1) / $2::integer, count(*) from generate_series(1, $1::integer) job group by 1`,
      [jobs, batchSize],
    );
    await this.#pool.query(
      `insert into host.job (id, batch_id)
      select job, (job - 1) / $2::integer from generate_series(1, $1::integer) job`,
      [jobs, batchSize],
    );
  }

  /** For a queue that cannot be asked for the jobs of a batch. */
  async start(database: SendQuery, jobIds: readonly number[]): Promise<void> {
    await database.query({
      name: "host_start",
      text: `update host.job set status = 'running', started_at = now()
        where id = any ($1::integer[]) and status <> 'completed'`,
      values: [jobIds],
    });
  }

  /** For a queue that forgets its jobs, and may run one again: what is done already is not counted twice. */
  async settle(database: SendQuery, jobIds: readonly number[]): Promise<void> {
    const { rows } = await database.query<FinishedBatch>({
      name: "host_settle",
      text: `with done as (
          update host.job set status = 'completed', completed_at = now()
          where id = any ($1::integer[]) and status = 'running'
          returning batch_id
        ), counted as (select batch_id, count(*)::integer as jobs from done group by batch_id),
        ${COUNT}`,
      values: [jobIds],
    });
    this.#finished.push(...rows.map(({ id }) => id));
  }

  /** For a queue that keeps its jobs, and completes them in the same transaction: only the counters are the host's. */
  async count(database: SendQuery, batchIds: readonly number[]): Promise<void> {
    const { rows } = await database.query<FinishedBatch>({
      name: "host_count",
      text: `with counted as (
          select batch_id, count(*)::integer as jobs from unnest($1::integer[]) as done (batch_id) group by batch_id
        ),
        ${COUNT}`,
      values: [batchIds],
    });
    this.#finished.push(...rows.map(({ id }) => id));
  }

  /** Every job counted once, and every batch told to be finished exactly once. */
  async check(jobs: number): Promise<void> {
    const { rows } = await this.#pool.query<{ counted: number; batches: number; open: number }>(`
      select
        sum(completed)::integer as counted,
        count(*)::integer as batches,
        count(*) filter (where completed_at is null or completed <> total)::integer as open
      from host.batch`);
    const [found] = rows;
    const told = new Set(this.#finished);
    if (
      found?.counted !== jobs ||
      found.open > 0 ||
      told.size !== found.batches ||
      told.size !== this.#finished.length
    ) {
      throw new Error(`${found?.counted} of ${jobs} jobs counted, ${this.#finished.length} batches told`);
    }
  }
}

interface FinishedBatch {
  readonly id: number;
}

/** Batches are locked by id: two statements that count for the same ones would wait for each other. */
const COUNT = `locked as materialized (
    select id from host.batch where id in (select batch_id from counted) order by id for no key update
  ), moved as (
    update host.batch b set
      completed = b.completed + counted.jobs,
      completed_at = case when b.completed + counted.jobs = b.total then now() end
    from counted
    where b.id = counted.batch_id and (select count(*) from locked) >= 0
    returning b.id, b.completed_at
  )
  select id from moved where completed_at is not null`;
