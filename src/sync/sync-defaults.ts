/** Four connections are 1.7 times as fast as one on two cores; more of them mostly wait for each other's WAL flush. */
export const DEFAULT_CONCURRENCY = 4;

/**
 * How long a migration waits for a lock. While it waits, every new reader of that tenant's table queues behind it, so
 * this is also the longest stall that a run can cause; half a second outlasts ordinary transactions.
 */
export const DEFAULT_LOCK_TIMEOUT_MS = 500;

/** How often a tenant is tried in all. With the back-off below, the fifth try comes some three seconds after the first. */
export const DEFAULT_MAX_ATTEMPTS = 5;

export { DEFAULT_SHARED_SCHEMA } from "../tenancy/tenant-schema-name.js";

/** The first delay of a tenant that was busy, before jitter; it doubles with each attempt. */
export const BACK_OFF_BASE_MS = 250;

/** Where the doubling ends: a tenant that stays busy is looked at again at least this often. */
export const BACK_OFF_LIMIT_MS = 10_000;

/**
 * How long a run waits for a server that does not answer, a restart with recovery included. Afterwards the tenants
 * that were waiting for it fail with what the driver said.
 */
export const DEFAULT_RECONNECT_TIMEOUT_MS = 60_000;
