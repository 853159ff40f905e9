const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/**
 * 10 minutes: longer than publishing a product with its pictures takes, so that a worker which dies right after its
 * claim is noticed soon, and a slow one has time for several heartbeats.
 */
export const DEFAULT_LEASE_MS = 10 * MINUTE_MS;

/** Below a second the way to the database and back may eat up the lease; above a day nobody would notice a dead worker. */
export const MIN_LEASE_MS = SECOND_MS;
export const MAX_LEASE_MS = 24 * 60 * MINUTE_MS;

/** An hour after it could have run, what a job would do (yesterday's price, say) is no longer what its seller wants. */
export const JOB_EXPIRY_MS = 60 * MINUTE_MS;

/** How long a worker has to acknowledge a cancellation before the job is cancelled without it. */
export const CANCEL_ACKNOWLEDGE_MS = 60 * SECOND_MS;

/** Jobs of the legacy system carry no lease; one that started an hour ago has no worker any more. */
export const UNLEASED_JOB_LOST_MS = 60 * MINUTE_MS;

/**
 * The first retry waits half a minute at most, each further one twice as long: a marketplace that throttles is not hit
 * again within seconds.
 */
export const RETRY_BACKOFF_BASE_MS = 30 * SECOND_MS;

/** A quarter of an hour: still within the patience of somebody who watches a batch. */
export const RETRY_BACKOFF_CAP_MS = 15 * MINUTE_MS;

/** A week: the longest time a marketplace's answer may ask a worker to wait. */
export const MAX_RETRY_AFTER_MS = 7 * 24 * 60 * MINUTE_MS;
