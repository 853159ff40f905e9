import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/**
 * What a statement has to say to be answered by `marketplace_jobs_open_idx`, word for word as the index does: PostgreSQL
 * cannot conclude it from a status, so that claims, which look for pending jobs, are never planned by that index.
 */
export const isOpen: RawBuilder<boolean> = sql<boolean>`(j.status in ('pending', 'running', 'paused')) is true`;
