import type { Kysely } from "kysely";
import type {
  BatchJob,
  MarketplaceJob,
  MarketplaceJobRepository,
  NewBatchJob,
  NewMarketplaceJob,
  SettledJobStatus,
  TenantTables,
} from "marketplace-jobs";
import { coalesceJobCalls, forTenant } from "marketplace-jobs";
import { describe, expectTypeOf, test } from "vitest";

declare const db: Kysely<TenantTables>;
declare const job: MarketplaceJob;
declare const batch: BatchJob;

describe("a job points to its batch by the integer key alone", () => {
  test("an entity has no batch id", () => {
    expectTypeOf(job.batchJobId).toEqualTypeOf<number | null>();
    // @ts-expect-error the string id lives with the batch
    void job.batchId;
    expectTypeOf(batch.batchId).toBeString();
  });

  test("the deprecated column cannot be selected, filtered by or written", () => {
    // @ts-expect-error marketplace_jobs has no batch_id
    void db.selectFrom("marketplace_jobs").select("batch_id");
    // @ts-expect-error marketplace_jobs has no batch_id
    void db.selectFrom("marketplace_jobs").select("id").where("batch_id", "=", "publish_20260115_101530_a1b2c3d4");
    // @ts-expect-error marketplace_jobs has no batch_id
    void db.insertInto("marketplace_jobs").values({ marketplace: "vinted", action_type_id: 3, batch_id: "publish" });
    void db.selectFrom("batch_jobs").select("batch_id");
  });
});

describe("table types", () => {
  test("a row can be inserted with what has no default", () => {
    void db.insertInto("marketplace_jobs").values({ marketplace: "vinted", action_type_id: 3 });
    // @ts-expect-error a job has an action type
    void db.insertInto("marketplace_jobs").values({ marketplace: "vinted" });
    // @ts-expect-error there is no such status
    void db.updateTable("marketplace_jobs").set({ status: "done" });
  });
});

describe("inputs", () => {
  test("an action is named by its code, a marketplace by any text", () => {
    expectTypeOf<NewMarketplaceJob["marketplace"]>().toBeString();
    expectTypeOf({ marketplace: "kleinanzeigen", actionCode: "publish" }).toExtend<NewMarketplaceJob>();
    expectTypeOf({ marketplace: "vinted", actionCode: "publish", productIds: [1] }).toExtend<NewBatchJob>();
  });

  test("an unknown key does not compile", () => {
    const { jobs } = forTenant(db, "user_1");
    // @ts-expect-error productID is no key
    void jobs.createJob({ marketplace: "vinted", actionCode: "publish", productID: 17 });
    // @ts-expect-error a claim names its marketplaces
    void jobs.claimJobs({ limit: 10 });
  });

  test("an outcome carries what belongs to it", () => {
    const { jobs } = forTenant(db, "user_1");
    void jobs.settleJobs([{ job, outcome: "failed", error: new Error("timeout"), retryAfterMs: 1_000 }]);
    // @ts-expect-error a failure says why
    void jobs.settleJobs([{ job, outcome: "failed" }]);
    // @ts-expect-error a completed job has no error
    void jobs.settleJobs([{ job, outcome: "completed", error: "timeout" }]);
  });
});

describe("results", () => {
  test("only a batch that was finished is told", async () => {
    const { jobs } = forTenant(db, "user_1");
    const settled = await jobs.completeJob(job);
    expectTypeOf(settled?.finishedBatch).toEqualTypeOf<BatchJob | undefined>();
    expectTypeOf(await jobs.getJob(1)).toEqualTypeOf<MarketplaceJob | undefined>();
  });
});

describe("settled jobs", () => {
  const outcomes = [{ job, outcome: "completed" }] as const;

  test("are whole unless their statuses are asked for", async () => {
    const { jobs } = forTenant(db, "user_1");
    expectTypeOf((await jobs.settleJobs(outcomes)).settled).toEqualTypeOf<MarketplaceJob[]>();
    expectTypeOf((await jobs.settleJobs(outcomes, {})).settled).toEqualTypeOf<MarketplaceJob[]>();
    expectTypeOf((await jobs.settleJobs(outcomes, { returning: "job" })).settled).toEqualTypeOf<MarketplaceJob[]>();
    const { settled } = await jobs.settleJobs(outcomes, { returning: "status" });
    expectTypeOf(settled).toEqualTypeOf<SettledJobStatus[]>();
    // @ts-expect-error a status alone has no product
    void settled[0]?.productId;
    const calls = coalesceJobCalls(jobs);
    expectTypeOf((await calls.settleJobs(outcomes)).settled).toEqualTypeOf<MarketplaceJob[]>();
    const together = await calls.settleJobs(outcomes, { returning: "status" });
    expectTypeOf(together.settled).toEqualTypeOf<SettledJobStatus[]>();
  });

  test("are not to be had in another form", () => {
    const { jobs } = forTenant(db, "user_1");
    // @ts-expect-error there is no such form
    void jobs.settleJobs(outcomes, { returning: "id" });
    // @ts-expect-error nor such an option
    void jobs.settleJobs(outcomes, { columns: ["id"] });
  });
});

describe("calls of many workers together", () => {
  test("are called as the repository is, and are nothing else", () => {
    const calls = coalesceJobCalls(forTenant(db, "user_1").jobs, { concurrency: 2 });
    type Calls = "claimJobs" | "completeJob" | "failJob" | "acknowledgeCancel" | "settleJobs";
    expectTypeOf(calls).toExtend<Pick<MarketplaceJobRepository, Calls>>();
    expectTypeOf<keyof typeof calls>().toEqualTypeOf<Calls>();
    // @ts-expect-error nothing that reads
    void calls.getJob(17);
  });

  test("an unknown option does not compile, nor does what is no repository of jobs", () => {
    // @ts-expect-error there is no delay
    void coalesceJobCalls(forTenant(db, "user_1").jobs, { delayMs: 5 });
    // @ts-expect-error its batches take no such calls
    void coalesceJobCalls(forTenant(db, "user_1").batches);
  });
});
