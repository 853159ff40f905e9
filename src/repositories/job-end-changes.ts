import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { JOB_EXPIRY_MS, RETRY_BACKOFF_BASE_MS, RETRY_BACKOFF_CAP_MS } from "../entities/job-timing.js";
import { duration } from "./duration.js";
import type { JobChanges } from "./job-changes.js";

/** Doubling any further would only overflow: the cap is reached after five. */
const MAX_BACKOFF_DOUBLINGS = 20;

/**
 * How long the locked job `l` waits for its next attempt: doubling up to a cap, and a random half of it taken away,
 * so that jobs which failed together do not come back together.
 */
export const retryBackoff: RawBuilder<unknown> = sql`
  least(
    ${duration(RETRY_BACKOFF_CAP_MS)},
    ${duration(RETRY_BACKOFF_BASE_MS)} * power(2, least(l.retry_count, ${sql.lit(MAX_BACKOFF_DOUBLINGS)}))
  ) * (1 - random() / 2)`;

/** Whether a failure of the locked job `l` leaves it another attempt. */
export const hasRetryLeft: RawBuilder<unknown> = sql`(l.retry_count + 1 < l.max_retries)`;

/**
 * What becomes of a running job that ends, or goes back to wait for another attempt: `d.next_status` says which,
 * `d.retry_delay` how long it waits.
 */
export const jobEndChanges: JobChanges = {
  status: sql`d.next_status`,
  retry_count: sql`j.retry_count + (d.next_status = 'pending')::integer`,
  run_at: sql`case when d.next_status = 'pending' then statement_timestamp() + d.retry_delay else j.run_at end`,
  expires_at: sql`case
    when d.next_status = 'pending' then statement_timestamp() + d.retry_delay + ${duration(JOB_EXPIRY_MS)}
    else j.expires_at
  end`,
  started_at: sql`case when d.next_status <> 'pending' then j.started_at end`,
  completed_at: sql`case when d.next_status <> 'pending' then statement_timestamp() end`,
  lease_expires_at: sql`null`,
};
