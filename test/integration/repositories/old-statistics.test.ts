import { type Kysely, sql } from "kysely";
import type pg from "pg";
import { describe, expect } from "vitest";
import type { ClaimJobsParams } from "../../../src/index.js";
import { forTenant } from "../../../src/index.js";
import { allNodes, type PlanNode, planOf } from "./statement-plan.js";
import { tenantTest } from "./tenant-fixture.js";

const FINISHED = 20_000;
const PENDING = 12_000;

/** What the server knows of the tenant is from a night in which nothing was pending; then twelve thousand jobs came. */
const morningTest = tenantTest.extend("morning", async ({ db, tenant, table }) => {
  const jobs = table("marketplace_jobs");
  await sql`alter table ${jobs} set (autovacuum_enabled = off)`.execute(db);
  await sql`
    insert into ${jobs} (marketplace, action_type_id, status, priority, expires_at, completed_at)
    select (array['vinted', 'ebay'])[1 + i % 2], 3, 'completed', 1 + i % 4, now() + interval '1 day', now()
    from generate_series(1, ${FINISHED}::integer) i`.execute(db);
  await sql`vacuum analyze ${jobs}`.execute(db);
  await sql`
    insert into ${jobs} (marketplace, action_type_id, priority, expires_at)
    select (array['vinted', 'ebay'])[1 + i % 2], 3, 1 + i % 4, now() + interval '1 day'
    from generate_series(1, ${PENDING}::integer) i`.execute(db);
  return tenant;
});

const claims: Readonly<Record<string, ClaimJobsParams>> = {
  "one job": { marketplace: "vinted", limit: 1 },
  "ten jobs": { marketplace: "vinted", limit: 10 },
  "ten jobs of two marketplaces": { marketplace: ["vinted", "ebay"], limit: 10 },
  "ten jobs of one action type": { marketplace: "vinted", limit: 10, actionTypeIds: [3] },
};

describe("a claim, when the statistics are from a time at which nothing was pending,", () => {
  for (const [what, claim] of Object.entries(claims)) {
    morningTest(
      `of ${what} reads its queue from the oldest job on, and not all that is pending`,
      async ({ pool, schema, morning: _tenant }) => {
        const { indexes, buffers } = await planOf(pool, (on: Kysely<any>) =>
          forTenant(on, schema).jobs.claimJobs(claim),
        );
        expect(indexes).toContain("marketplace_jobs_claim_idx");
        expect(indexes).not.toContain("marketplace_jobs_open_idx");
        // A page or two of the queue for each range of priorities, and four or five for each of the oldest.
        expect(buffers).toBeLessThan(400);
      },
    );
  }

  morningTest("leaves sweeps by the index of open jobs", async ({ pool, schema, morning: _tenant }) => {
    await expectSweepsByIndex(pool, schema);
  });

  morningTest(
    "leaves them so in a database that was dumped and restored, which has the index in other words",
    async ({ db, pool, schema, table, morning: _tenant }) => {
      const printed = async (): Promise<string> => {
        const { rows } = await sql<{ definition: string }>`
        select pg_get_indexdef(indexrelid) as definition from pg_index
        where indexrelid = ${`${schema}.marketplace_jobs_open_idx`}::regclass`.execute(db);
        return rows[0]!.definition;
      };
      const first = await printed();
      await sql`drop index ${table("marketplace_jobs_open_idx")}`.execute(db);
      await sql.raw(first).execute(db);
      expect(await printed()).not.toBe(first);
      await expectSweepsByIndex(pool, schema);
    },
  );
});

const BATCHES = 200;
const JOBS_OF_BATCH = 100;
const RUNNING = 5_000;

/** The statistics are from the evening, when all was pending; over night all of it ran, and most of it is finished. */
const nightTest = tenantTest.extend("night", async ({ db, tenant, table }) => {
  const [jobs, batches] = [table("marketplace_jobs"), table("batch_jobs")];
  await sql`alter table ${jobs} set (autovacuum_enabled = off)`.execute(db);
  await sql`
    insert into ${batches} (batch_id, marketplace, action_code, total_count, failed_count, completed_count, status, completed_at)
    select 'night-' || i, 'vinted', 'publish', ${JOBS_OF_BATCH}, 1, ${JOBS_OF_BATCH} - 1, 'partially_failed', now()
    from generate_series(1, ${BATCHES}::integer) i`.execute(db);
  await sql`
    insert into ${jobs} (marketplace, batch_job_id, action_type_id, expires_at)
    select 'vinted', 1 + i / ${JOBS_OF_BATCH}::integer, 3, now() + interval '1 day'
    from generate_series(0, ${BATCHES * JOBS_OF_BATCH}::integer - 1) i`.execute(db);
  await sql`vacuum analyze ${jobs}`.execute(db);
  await sql`vacuum analyze ${batches}`.execute(db);
  await sql`
    update ${jobs} set attempt = 1, started_at = now(), completed_at = now() - interval '1 hour' - id * interval '1 second',
      status = case when id % ${JOBS_OF_BATCH}::integer = 0 then 'failed' else 'completed' end`.execute(db);
  await sql`
    insert into ${jobs} (marketplace, action_type_id, status, attempt, started_at, lease_expires_at, expires_at)
    select 'vinted', 3, 'running', 1, now(), now() + interval '1 minute', now() + interval '1 day'
    from generate_series(1, ${RUNNING}::integer)`.execute(db);
  return tenant;
});
describe("when the statistics are from a time at which all was pending,", () => {
  nightTest(
    "old jobs are deleted from the oldest on, and none of the others is read",
    async ({ pool, schema, night: _tenant }) => {
      const call = (on: Kysely<any>): Promise<unknown> =>
        forTenant(on, schema).jobs.deleteFinishedJobs({ olderThan: new Date(), limit: 500 });
      const plan = await planOf(pool, call);
      expect(plan.indexes).toContain("marketplace_jobs_finished_idx");
      expect(comparedInVain(plan.root)).toBeLessThan(BATCHES * JOBS_OF_BATCH);
    },
  );

  nightTest("a batch's failed jobs are found by the batch", async ({ pool, schema, night: _tenant }) => {
    const retry = (on: Kysely<any>): Promise<unknown> => forTenant(on, schema).jobs.retryFailedJobs("night-7");
    expect((await planOf(pool, retry)).indexes).not.toContain("marketplace_jobs_finished_idx");
  });

  nightTest("a heartbeat compares no lease with every other", async ({ db, pool, schema, table, night: _tenant }) => {
    const { rows } = await sql<{ id: number; attempt: number }>`
      select id, attempt from ${table("marketplace_jobs")} where status = 'running'`.execute(db);
    expect(rows).toHaveLength(RUNNING);
    const beat = (on: Kysely<any>): Promise<unknown> => forTenant(on, schema).jobs.extendLeases(rows);
    expect(comparedInVain((await planOf(pool, beat)).root)).toBeLessThan(10 * RUNNING);
  });
});

/** How many pairs of rows the joins of a plan looked at and threw away. */
function comparedInVain(root: PlanNode): number {
  const removed = allNodes(root).map((node) => {
    const { "Rows Removed by Join Filter": perLoop = 0 } = node as { "Rows Removed by Join Filter"?: number };
    return perLoop * (node["Actual Loops"] ?? 1);
  });
  return removed.reduce((sum, rows) => sum + rows, 0);
}

async function expectSweepsByIndex(pool: pg.Pool, schema: string): Promise<void> {
  for (const sweep of ["expireOverdueJobs", "rescueLostJobs", "getInterruptedJobs"] as const) {
    const { indexes, sequentialScans } = await planOf(pool, (on: Kysely<any>) => forTenant(on, schema).jobs[sweep]());
    expect({ sweep, indexes }).toMatchObject({
      sweep,
      indexes: expect.arrayContaining(["marketplace_jobs_open_idx"]),
    });
    expect(sequentialScans).not.toContain("marketplace_jobs");
  }
}
