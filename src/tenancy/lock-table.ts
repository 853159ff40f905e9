import { sql } from "kysely";

/** The lock table is shared with everybody on the server: when it is full, others fail. A quarter is ours. */
const PART_OF_LOCK_TABLE = 0.25;

/** How many locks the server has room for, all its sessions together, by its settings; the real table is larger. */
export const lockTableSize = sql<number>`current_setting('max_locks_per_transaction')::int
  * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int)`;

/** How many pieces of work may run at once, or things be looked at, that take so many locks each; one at least. */
export function countWithinLocks(tableSize: number, locksEach: number): number {
  return Math.max(1, Math.floor((tableSize * PART_OF_LOCK_TABLE) / locksEach));
}
