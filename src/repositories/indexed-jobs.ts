import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/*
 * What a statement has to say to be answered by an index of some statuses, word for word as the index does. PostgreSQL
 * cannot conclude it from a status, so that no statement is planned by such an index but the sweeps that are meant: with
 * old statistics it would read the index from end to end for claims, or for jobs that are known by their ids.
 */

/** Of `marketplace_jobs_open_idx`. */
export const isOpen: RawBuilder<boolean> = sql<boolean>`(j.status in ('pending', 'running', 'paused')) is true`;

/** Of `marketplace_jobs_finished_idx`. */
export const isFinished: RawBuilder<boolean> = sql<boolean>`
  (j.status in ('completed', 'failed', 'cancelled', 'expired')) is true`;
