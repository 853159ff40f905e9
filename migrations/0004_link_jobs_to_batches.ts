import { linkJobsToBatches } from "./link-jobs-to-batches.js";
import { OPENING } from "./opening.js";
import { plainSqlMigration } from "./plain-sql-migration.js";

/**
 * Every job finds its batch by `batch_job_id`: the batch of each string is found or created, its jobs are linked and
 * its counters recounted. Refused (`BATCH_LINK_CONFLICT`) while a job carries one batch's string and another's key.
 *
 * Going back moves no data: links that agree with the strings are right before this migration too.
 */
export const migration0004LinkJobsToBatches = plainSqlMigration({
  up: (schema) => `${OPENING}

${linkJobsToBatches(schema)}`,
  down: () => "-- Links that agree with the strings stay.",
});
