import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { marketplaceJobColumns } from "./marketplace-job-row.js";

type ChangedColumn = Exclude<(typeof marketplaceJobColumns)[number], "id" | "batch_job_id" | "marketplace">;

/** New values by column; `j` is the job as it was, `d` the row of the step `decided`. */
export type JobChanges = Partial<Record<ChangedColumn, RawBuilder<unknown>>>;

/** The changes as an update sets them; whatever changes a job says when. */
export function jobAssignments(changes: JobChanges): RawBuilder<unknown> {
  const assignments = Object.entries<RawBuilder<unknown>>({ updated_at: sql`statement_timestamp()`, ...changes });
  return sql.join(assignments.map(([column, value]) => sql`${sql.ref(column)} = ${value}`));
}
