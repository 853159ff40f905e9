import type * as z from "zod";
import type { MarketplaceJob } from "../entities/marketplace-job.js";
import type { newMarketplaceJobSchema } from "../entities/new-marketplace-job.js";
import { BatchAlreadyFinishedError } from "../errors/batch-already-finished-error.js";
import { MarketplaceJobsError } from "../errors/marketplace-jobs-error.js";
import { UnknownBatchError } from "../errors/unknown-batch-error.js";
import type { AskedJob, CreateJobsRow } from "./create-jobs-statement.js";
import { createJobsStatement } from "./create-jobs-statement.js";
import { toMarketplaceJob } from "./marketplace-job-row.js";
import type { TenantDatabase } from "./tenant-database.js";
import { unknownActionType } from "./unknown-action-type.js";

export interface CreatedJob {
  readonly job: MarketplaceJob;
  /** False when a job with this idempotency key existed, which is then given as it is. */
  readonly created: boolean;
}

/** A key that is seen by the index and not by the caller that often is hidden from it for good. */
const MAX_ROUNDS = 10;

/**
 * One statement as a rule. Only jobs whose keys somebody else was creating at the same moment are asked for once more:
 * that statement could not see them, the next one can.
 */
export async function createJobs(
  tenant: TenantDatabase,
  jobs: readonly z.output<typeof newMarketplaceJobSchema>[],
): Promise<CreatedJob[]> {
  const results = new Map<number, CreatedJob>();
  const asked = withoutRepeatedKeys(jobs.map((job, position) => ({ position, job })));
  let open = asked;
  for (let round = 1; open.length > 0; round += 1) {
    if (round > MAX_ROUNDS) throw hiddenKeyError(tenant);
    const { rows } = await createJobsStatement(tenant, open).execute(tenant.db);
    const [refused] = rows.filter((row) => row.refusal !== null).toSorted((a, b) => a.position! - b.position!);
    if (refused !== undefined) throw await refusalError(tenant, refused, jobs);
    for (const [position, result] of placed(open, rows)) results.set(position, result);
    open = open.filter(({ position }) => !results.has(position));
  }
  const firstPositions = new Map(asked.map(({ position, job }) => [job.idempotencyKey, position]));
  return jobs.map(
    ({ idempotencyKey }, position) =>
      results.get(position) ?? { job: results.get(firstPositions.get(idempotencyKey)!)!.job, created: false },
  );
}

/** A key that comes twice in one list means one job, created for its first place. */
function withoutRepeatedKeys(asked: readonly AskedJob[]): readonly AskedJob[] {
  const seen = new Set<string>();
  return asked.filter(({ job: { idempotencyKey } }) => {
    if (idempotencyKey === undefined || idempotencyKey === null) return true;
    return !seen.has(idempotencyKey) && seen.add(idempotencyKey);
  });
}

/** Finds the place of each row: by what it says, by its key, or, for jobs without a key, by the order of their ids. */
function placed(asked: readonly AskedJob[], rows: readonly CreateJobsRow[]): [number, CreatedJob][] {
  const positionsByKey = new Map(asked.map(({ position, job }) => [job.idempotencyKey, position]));
  const unkeyedPositions = asked
    .filter(({ job: { idempotencyKey } }) => idempotencyKey === undefined || idempotencyKey === null)
    .map(({ position }) => position)
    .values();
  return rows
    .filter((row) => row.refusal === null)
    .toSorted((left, right) => left.id - right.id)
    .map((row) => {
      const position =
        row.position ??
        (row.idempotency_key === null ? unkeyedPositions.next().value : positionsByKey.get(row.idempotency_key));
      return [position!, { job: toMarketplaceJob(row), created: row.position === null }];
    });
}

function hiddenKeyError({ schema }: TenantDatabase): MarketplaceJobsError {
  return new MarketplaceJobsError({
    code: "INVALID_ROW",
    tenant: schema,
    message: `A job of ${JSON.stringify(schema)} carries an idempotency key asked for, but cannot be read.`,
    hint: "Let this database role see all rows of marketplace_jobs: a row security policy hides some.",
  });
}

async function refusalError(
  tenant: TenantDatabase,
  { position, refusal, batch_status }: CreateJobsRow,
  jobs: readonly z.output<typeof newMarketplaceJobSchema>[],
): Promise<MarketplaceJobsError> {
  const { marketplace, actionCode, batchId } = jobs[position!]!;
  switch (refusal) {
    case "UNKNOWN_BATCH":
      return new UnknownBatchError({ tenant: tenant.schema, batchId: batchId! });
    case "BATCH_ALREADY_FINISHED":
      return new BatchAlreadyFinishedError({
        tenant: tenant.schema,
        batchId: batchId!,
        status: batch_status!,
        refused: "no job can join it",
      });
    default:
      return unknownActionType(tenant, marketplace, actionCode);
  }
}
