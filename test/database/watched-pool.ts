import pg from "pg";
import type { StatementCounter } from "./statement-counter.js";

/** More than two syncs with their default workers use, far below what the server allows for all test files at once. */
const POOL_SIZE = 20;

/** A pool of one test or test file, and how it ends. */
export interface WatchedPool {
  readonly pool: pg.Pool;
  /** Ends the pool; fails when a connection was not given back, instead of waiting for it for ever. */
  readonly end: () => Promise<void>;
}

export function openWatchedPool(url: string, statements: StatementCounter): WatchedPool {
  const pool = new pg.Pool({ connectionString: url, max: POOL_SIZE });
  const borrowed = new Set<pg.PoolClient>();
  // Tests end sessions from the server's side; what a connection then says is no failure.
  pool.on("error", () => {});
  pool.on("connect", (client) => {
    client.on("error", () => {});
    statements.watch(client);
  });
  pool.on("acquire", (client) => borrowed.add(client));
  pool.on("release", (_, client) => borrowed.delete(client));
  return {
    pool,
    end: async () => {
      const left = borrowed.size;
      for (const client of borrowed) {
        client.release(true);
      }
      // A test of Kysely's own `destroy` may have ended it.
      if (!pool.ending) {
        await pool.end();
      }
      if (left > 0) {
        throw new Error(
          `The test kept ${left} connection(s): a transaction was not finished, or a client not released.`,
        );
      }
    },
  };
}
