import type { JobTenant } from "../job-tenant.js";
import { WORKERS } from "./job-queue.js";

/** Jobs whose ids are 1 to their number, in batches that wait. */
export async function fillBatches({ pool, repositories }: JobTenant, jobs: number, batchSize: number): Promise<void> {
  await pool.query(
    "truncate user_1.marketplace_jobs, user_1.batch_jobs, user_1.marketplace_job_stats restart identity",
  );
  const starts = Array.from({ length: Math.ceil(jobs / batchSize) }, (_, batch) => batch * batchSize).values();
  const filler = async (): Promise<void> => {
    for (const start of starts) {
      await repositories.batches.createBatch({
        batchId: `from_${start}`,
        marketplace: "vinted",
        actionCode: "publish",
        productIds: Array.from({ length: Math.min(batchSize, jobs - start) }, (_, index) => start + index + 1),
        inputData: { title: "a blue coat", price: 12.5 },
      });
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, filler));
}

/** All jobs done, every counter what a recount gives, and every batch told to be finished exactly once. */
export async function checkBatches(
  { pool, repositories }: JobTenant,
  jobs: number,
  finished: readonly string[],
): Promise<void> {
  const { rows } = await pool.query<{ completed: number; counted: number; batches: number }>(`
    select
      (select count(*)::integer from user_1.marketplace_jobs where status = 'completed') as completed,
      coalesce(sum(completed_count), 0)::integer as counted,
      count(*) filter (where status = 'completed')::integer as batches
    from user_1.batch_jobs`);
  const discrepancies = await repositories.batches.auditBatches();
  const [found] = rows;
  const isExact =
    found?.completed === jobs &&
    found.counted === jobs &&
    discrepancies.length === 0 &&
    found.batches === finished.length &&
    new Set(finished).size === finished.length;
  if (!isExact) {
    throw new Error(
      `${found?.completed} of ${jobs} jobs done, ${found?.counted} counted, ${discrepancies.length} batches wrong, ${finished.length} told`,
    );
  }
}
