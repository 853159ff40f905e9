import type pg from "pg";

/** How many bytes of write-ahead log the server has written since its beginning, in all databases. */
export async function walPosition(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ position: string }>(
    "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as position",
  );
  return Number(rows[0]?.position);
}
