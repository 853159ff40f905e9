import pg from "pg";

/** A pool whose connections may be ended by the server: databases are dropped as soon as a contender is done. */
export function quietPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}
