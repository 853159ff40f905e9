import { sql } from "kysely";
import { describe, expect } from "vitest";
import type { TenantRepositories } from "../../../src/repositories/for-tenant.js";
import { tenantTest as test } from "./tenant-fixture.js";

type Call = (tenant: TenantRepositories) => Promise<unknown>;

const published = { marketplace: "vinted", actionCode: "publish" };
const batch = { ...published, productIds: [1] };
/** What a caller in JavaScript may pass in spite of the types. */
const anything = (value: unknown): never => value as never;
const year = (number: number): Date => new Date(Date.UTC(number, 6));

const refused: readonly (readonly [what: string, call: Call])[] = [
  ["an unknown key of a job", ({ jobs }) => jobs.createJob(anything({ ...published, colour: "red" }))],
  ["an unknown key of a batch", ({ batches }) => batches.createBatch(anything({ ...batch, colour: "red" }))],
  ["an unknown key of a filter", ({ jobs }) => jobs.listJobs(anything({ colour: "red" }))],
  ["an unknown key of a claim", ({ jobs }) => jobs.claimJobs(anything({ marketplace: "vinted", limit: 1, colour: 1 }))],
  ["a priority of 0", ({ jobs }) => jobs.createJob(anything({ ...published, priority: 0 }))],
  ["a priority of 5", ({ batches }) => batches.createBatch(anything({ ...batch, priority: 5 }))],
  ["no products", ({ batches }) => batches.createBatch({ ...batch, productIds: [] })],
  [
    "50,001 products",
    ({ batches }) => batches.createBatch({ ...batch, productIds: Array.from({ length: 50_001 }, () => 1) }),
  ],
  ["no jobs", ({ jobs }) => jobs.createJobs([])],
  [
    "one wrong job among ten",
    ({ jobs }) => jobs.createJobs([...Array.from({ length: 9 }, () => published), anything({})]),
  ],
  ["a negative limit", ({ jobs }) => jobs.listJobs({ limit: -1 })],
  ["a limit of nothing to claim", ({ jobs }) => jobs.claimJobs({ marketplace: "vinted", limit: 0 })],
  ["no marketplace to claim from", ({ jobs }) => jobs.claimJobs({ marketplace: [], limit: 1 })],
  ["a cursor that is no id", ({ jobs }) => jobs.listJobs({ after: anything("17; drop table") })],
  ["a cursor beyond the integers", ({ jobs }) => jobs.getJobsByBatchId("b", { after: 2 ** 31 })],
  ["an empty batch id", ({ jobs }) => jobs.getJobsByBatchId("")],
  ["a batch id of 101 code points", ({ batches }) => batches.getBatchByBatchId("😀".repeat(101))],
  ["a batch id with NUL", ({ batches }) => batches.cancelBatch("a\u0000b")],
  [
    "an idempotency key of 65 characters",
    ({ jobs }) => jobs.createJob({ ...published, idempotencyKey: "k".repeat(65) }),
  ],
  ["a marketplace of 51 characters", ({ jobs }) => jobs.createJob({ ...published, marketplace: "m".repeat(51) })],
  [
    "input data that JSON cannot say",
    ({ jobs }) => jobs.createJob({ ...published, inputData: anything({ price: Number.NaN }) }),
  ],
  [
    "result data with a function",
    ({ jobs }) => jobs.completeJob({ id: 1, attempt: 1 }, anything({ done: () => true })),
  ],
  ["an id of 0", ({ jobs }) => jobs.getJob(0)],
  ["an id that is no number", ({ jobs }) => jobs.cancelJob(anything("1"))],
  ["no outcomes", ({ jobs }) => jobs.settleJobs([])],
  [
    "a job settled twice",
    ({ jobs }) =>
      jobs.settleJobs([
        { job: { id: 1, attempt: 1 }, outcome: "completed" },
        { job: { id: 1, attempt: 1 }, outcome: "completed" },
      ]),
  ],
  [
    "an answer that there is not",
    ({ jobs }) => jobs.settleJobs([{ job: 1, outcome: "completed" }], { returning: anything("jobs") }),
  ],
  [
    "an unknown option of settling",
    ({ jobs }) => jobs.settleJobs([{ job: 1, outcome: "completed" }], anything({ colour: "red" })),
  ],
  ["a lease of a millisecond", ({ jobs }) => jobs.startJob(1, { leaseMs: 1 })],
  ["a retention without an age", ({ jobs }) => jobs.deleteFinishedJobs(anything({ limit: 10 }))],
  ["an age that is no date", ({ jobs }) => jobs.deleteFinishedJobs({ olderThan: new Date(Number.NaN), limit: 10 })],
  ["an age of twelve thousand years", ({ jobs }) => jobs.deleteFinishedJobs({ olderThan: year(12_000), limit: 10 })],
  ["a start before the year 1", ({ jobs }) => jobs.createJob({ ...published, runAt: year(-5) })],
  ["an end in the year 10,000", ({ jobs }) => jobs.createJob({ ...published, expiresAt: year(10_000) })],
  ["jobs of the year 10,000", ({ jobs }) => jobs.listJobs({ createdAfter: year(10_000) })],
  ["batches before JavaScript's first moment", ({ batches }) => batches.listBatches({ createdBefore: year(-271_820) })],
  ["statistics of no days", ({ stats }) => stats.getDailyStats({ days: 0 })],
];

describe("is refused before any SQL:", () => {
  test.for(refused)("%s", async ([, call], { tenant, statements }) => {
    const before = statements.statements;
    await expect(call(tenant)).rejects.toMatchObject({ code: "INVALID_INPUT", isRetryable: false });
    expect(statements.statements).toBe(before);
  });
});

test("the earliest and the latest moment are kept as they are", async ({ jobs }) => {
  const [earliest, latest] = [new Date("0001-01-01T00:00:00.000Z"), new Date("9999-12-31T23:59:59.999Z")];
  const { job } = await jobs.createJob({ ...published, runAt: earliest, expiresAt: latest });
  expect(await jobs.getJob(job.id)).toMatchObject({ runAt: earliest, expiresAt: latest });
  expect(await jobs.listJobs({ createdAfter: earliest, createdBefore: latest })).toHaveLength(1);
});

test("an unknown id is nothing, and no error", async ({ jobs, batches }) => {
  expect(await jobs.getJob(4711)).toBeUndefined();
  expect(await jobs.cancelJob(4711)).toBeUndefined();
  expect(await jobs.completeJob({ id: 4711, attempt: 1 })).toBeUndefined();
  expect(await jobs.getJobsByBatchId("unknown")).toEqual([]);
  expect(await jobs.retryFailedJobs("unknown")).toBeUndefined();
  expect(await batches.getBatchSummary("unknown")).toBeUndefined();
  expect(await batches.cancelBatch("unknown")).toBeUndefined();
});

test("a product id that JavaScript would round is an error, never another product", async ({ db, jobs, table }) => {
  const { job } = await jobs.createJob({ ...published, productId: Number.MAX_SAFE_INTEGER });
  expect((await jobs.getJob(job.id))?.productId).toBe(Number.MAX_SAFE_INTEGER);
  await sql`update ${table("marketplace_jobs")} set product_id = 9007199254740993`.execute(db);
  await expect(jobs.getJob(job.id)).rejects.toMatchObject({ code: "UNSAFE_INTEGER" });
});

test("of ten thousand jobs none is written when one names an action that does not exist", async ({ jobs }) => {
  const news = Array.from({ length: 10_000 }, (_, index) => ({
    ...published,
    actionCode: index === 9_999 ? "teleport" : "publish",
  }));
  await expect(jobs.createJobs(news)).rejects.toMatchObject({ code: "UNKNOWN_ACTION_TYPE" });
  expect(await jobs.countJobsByStatus()).toMatchObject({ pending: 0 });
});
