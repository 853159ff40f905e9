import { type Kysely, sql } from "kysely";
import { coalesceJobCalls, type MarketplaceJob } from "../../../src/index.js";
import { tenantTest } from "./tenant-fixture.js";

/**
 * `calls` are the tenant's calls that go together, `claimed` makes a batch of so many jobs and claims them, `hold` has a
 * transaction of the host's lock jobs until it is told to let go, and `triggerOnCompletion` has the host do something of
 * its own before a job of that product is completed.
 */
export const coalescedTest = tenantTest
  .extend("calls", ({ jobs }) => coalesceJobCalls(jobs))
  .extend("claimed", ({ jobs, batches }) => async (count: number): Promise<MarketplaceJob[]> => {
    const productIds = Array.from({ length: count }, (_, index) => index + 1);
    await batches.createBatch({ marketplace: "vinted", actionCode: "publish", productIds });
    return jobs.claimJobs({ marketplace: "vinted", limit: count });
  })
  .extend(
    "hold",
    ({ db, table }) =>
      async (...jobs: readonly (MarketplaceJob | undefined)[]): Promise<() => Promise<void>> => {
        const holder = await db.startTransaction().execute();
        const ids = sql.join(jobs.map((job) => job!.id));
        await sql`select 1 from ${table("marketplace_jobs")} where id in (${ids}) for update`.execute(holder);
        return () => holder.rollback().execute();
      },
  )
  .extend("triggerOnCompletion", ({ db, table }) => async (productId: number, statement: string): Promise<void> => {
    const body = `begin
      if new.status = 'completed' and new.product_id = ${productId} then ${statement}; end if;
      return new;
    end`;
    await sql`create function ${table("on_completion")}() returns trigger language plpgsql as ${sql.lit(body)}`.execute(
      db,
    );
    await sql`create trigger on_completion before update on ${table("marketplace_jobs")}
      for each row execute function ${table("on_completion")}()`.execute(db);
  });

/** The server processes of the file's database that wait for a lock, as soon as there is one. */
export async function waitingSessions(db: Kysely<any>): Promise<number[]> {
  for (;;) {
    const { rows } = await sql<{ pid: number }>`
      select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    if (rows.length > 0) return rows.map(({ pid }) => pid);
  }
}
