import { type Kysely, sql } from "kysely";
import { countWithinLocks } from "../tenancy/lock-table.js";
import { type ServerLimits, serverLimits } from "../tenancy/server-limits.js";

/**
 * Entries of the server's lock table that one tenant's transaction needs: the most that ours take is 91, when the
 * deprecated column goes with its indexes. A rehearsed migration that needs more raises the figure for its run.
 */
export const LOCKS_PER_TENANT = 100;

/** Of the connections that are free when the run begins, half stay free for the application. */
const PART_OF_FREE_CONNECTIONS = 0.5;

interface WorkerLimitParams {
  readonly requested: number;
  readonly locksPerTenant: number;
  /** What the server has room for, when it has been asked already. */
  readonly known?: ServerLimits | undefined;
}

export interface WorkerLimit {
  readonly workers: number;
  /** Why, in one sentence. */
  readonly reason: string;
}

/**
 * How many tenants may be worked on at once, from the dialect and the settings of the server; one statement where these
 * are not known yet.
 */
export async function readWorkerLimit(
  db: Kysely<any>,
  { requested, locksPerTenant, known }: WorkerLimitParams,
): Promise<WorkerLimit> {
  if (hasOneConnection(db)) return { workers: 1, reason: "the dialect has one connection" };
  if (known !== undefined) return limitWorkers(known, requested, locksPerTenant);
  const { rows } = await sql<ServerLimits>`select ${serverLimits}`.execute(db);
  const [limits] = rows;
  if (limits === undefined) throw new TypeError("the server did not tell its settings");
  return limitWorkers(limits, requested, locksPerTenant);
}

export function limitWorkers(limits: ServerLimits, requested: number, locksPerTenant: number): WorkerLimit {
  const { maxConnections, reservedConnections, usedConnections, lockTableSize } = limits;
  const free = Math.max(0, maxConnections - reservedConnections - usedConnections);
  const byConnections = Math.max(1, Math.floor(free * PART_OF_FREE_CONNECTIONS));
  const byLocks = countWithinLocks(lockTableSize, locksPerTenant);
  const workers = Math.min(requested, byConnections, byLocks);
  if (workers === requested) return { workers, reason: "as asked for" };
  if (workers === byLocks) {
    return {
      workers,
      reason: `the lock table has room for ${lockTableSize} locks, a tenant needs up to ${locksPerTenant}, and three quarters are left to others (max_locks_per_transaction)`,
    };
  }
  return {
    workers,
    reason: `${free} of ${maxConnections} connections are free, and half of them are left to others (max_connections)`,
  };
}

/** As a database inside the process has it: Kysely makes its callers queue, so more workers would only wait in turn. */
export function hasOneConnection(db: Kysely<any>): boolean {
  const { supportsMultipleConnections } = db.getExecutor().adapter as { supportsMultipleConnections?: boolean };
  return supportsMultipleConnections === false;
}
