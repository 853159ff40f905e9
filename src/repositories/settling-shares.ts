import type { JobStatus } from "../entities/job-status.js";
import { terminalJobStatuses } from "../entities/job-status.js";
import { InvalidRowError } from "../errors/invalid-row-error.js";
import type { SettlingRequest } from "./settling-request.js";
import type { FinishedBatchRow, JobMoveRow, MovedStatusRow } from "./job-move-row.js";

const terminal: ReadonlySet<JobStatus> = new Set(terminalJobStatuses);

/**
 * The rows of one settling statement, for each of its callers those of its jobs. A batch that was finished is told to
 * the last of those who ended a job of it, as if they had come one after the other.
 */
export function settlingShares(
  group: readonly SettlingRequest[],
  rows: readonly JobMoveRow<MovedStatusRow>[],
): readonly (readonly JobMoveRow<MovedStatusRow>[])[] {
  const shares: JobMoveRow<MovedStatusRow>[][] = group.map(() => []);
  const callOfJob = new Map(group.flatMap(({ asked }, call) => asked.map(({ id }) => [id, call] as const)));
  const lastCallOfBatch = new Map<number, number>();
  const finishedBatches: FinishedBatchRow[] = [];
  for (const row of rows) {
    if (row.id === null && row.rejected_id === null) {
      finishedBatches.push(row);
      continue;
    }
    const call = callOfJob.get(row.id ?? row.rejected_id);
    // A guess would give one caller's job to another.
    if (call === undefined) throw new InvalidRowError({ column: "marketplace_jobs.id", expected: "a number" });
    shares[call]!.push(row);
    if (row.id === null || row.batch_job_id === null || !terminal.has(row.status)) continue;
    lastCallOfBatch.set(row.batch_job_id, Math.max(call, lastCallOfBatch.get(row.batch_job_id) ?? 0));
  }
  for (const batch of finishedBatches) {
    const call = lastCallOfBatch.get(batch.batch_row_id!);
    if (call === undefined) throw new InvalidRowError({ column: "batch_jobs.id", expected: "a number" });
    shares[call]!.push(batch);
  }
  return shares;
}
