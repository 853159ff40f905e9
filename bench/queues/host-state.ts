import type pg from "pg";

/** How a query reaches the server: over a pool, or within a transaction. */
export type SendQuery = Pick<pg.Pool, "query">;

/** What a host keeps of the jobs of a queue, so that it can answer what is asked here of a job and of a batch. */
export interface HostState {
  /** Jobs that wait, 1 to their number, in batches of that size. */
  fill(jobs: number, batchSize: number): Promise<void>;
  start(database: SendQuery, jobIds: readonly number[]): Promise<void>;
  /** What is done already is not counted twice, and a batch that is finished by it is told. */
  settle(database: SendQuery, jobIds: readonly number[]): Promise<void>;
  /** Every job done and counted once, and every batch told to be finished exactly once. */
  check(jobs: number): Promise<void>;
}
