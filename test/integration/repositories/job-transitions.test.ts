import { describe, expect } from "vitest";
import type { JobTransition } from "../../../src/entities/job-transition.js";
import { jobTransitions } from "../../../src/entities/job-transition.js";
import type { JobStatus } from "../../../src/entities/job-status.js";
import { jobStatuses } from "../../../src/entities/job-status.js";
import { DEFAULT_LEASE_MS, JOB_EXPIRY_MS } from "../../../src/entities/job-timing.js";
import type { MarketplaceJob } from "../../../src/entities/marketplace-job.js";
import type { MarketplaceJobRepository } from "../../../src/repositories/marketplace-job-repository.js";
import type { StoredJob } from "./stored-rows.js";
import { tenantTest } from "./tenant-fixture.js";

const STARTED_AT = new Date("2026-01-15T10:15:30.123Z");

/** A job as it stands in each status, with all that comes with it. */
const jobIn: Record<JobStatus, StoredJob> = {
  pending: { status: "pending", attempt: 1, retry_count: 1, error_message: "timeout" },
  running: { status: "running", attempt: 2, started_at: STARTED_AT, lease_expires_at: new Date(Date.now() + 60_000) },
  paused: { status: "paused", attempt: 1 },
  completed: { status: "completed", attempt: 1, started_at: STARTED_AT, completed_at: STARTED_AT },
  failed: { status: "failed", attempt: 3, started_at: STARTED_AT, completed_at: STARTED_AT, error_message: "gone" },
  cancelled: { status: "cancelled", attempt: 0, completed_at: STARTED_AT },
  expired: { status: "expired", attempt: 0, completed_at: STARTED_AT },
};

const ask: Record<JobTransition, (jobs: MarketplaceJobRepository, id: number) => Promise<unknown>> = {
  start: (jobs, id) => jobs.startJob(id),
  pause: (jobs, id) => jobs.pauseJob(id),
  resume: (jobs, id) => jobs.resumeJob(id),
  cancel: async (jobs, id) => (await jobs.cancelJob(id))?.job,
  complete: async (jobs, id) => (await jobs.completeJob(id, { listing: 4711 }))?.job,
  fail: async (jobs, id) => (await jobs.failJob(id, "429"))?.job,
  acknowledgeCancel: async (jobs, id) => (await jobs.acknowledgeCancel(id))?.job,
};

const transitions = Object.keys(jobTransitions) as JobTransition[];
const pairs = transitions.flatMap((transition) => jobStatuses.map((status) => ({ transition, status })));
const isAllowed = ({ transition, status }: (typeof pairs)[number]): boolean =>
  (jobTransitions[transition] as readonly JobStatus[]).includes(status);

/** What changes by each allowed transition; `now` stands for the time of the statement. */
const now = expect.any(Date) as Date;
const effects: Record<string, Partial<MarketplaceJob>> = {
  "start pending": { status: "running", attempt: 2, startedAt: now, leaseExpiresAt: now },
  "pause pending": { status: "paused" },
  "resume paused": { status: "pending", expiresAt: now },
  "cancel pending": { status: "cancelled", completedAt: now },
  "cancel paused": { status: "cancelled", completedAt: now },
  "cancel running": { cancelRequested: true, cancelRequestedAt: now },
  "complete running": {
    status: "completed",
    completedAt: now,
    leaseExpiresAt: null,
    resultData: { listing: 4711 },
  },
  "fail running": {
    status: "pending",
    retryCount: 1,
    errorMessage: "429",
    startedAt: null,
    leaseExpiresAt: null,
    runAt: now,
    expiresAt: now,
  },
  "acknowledgeCancel running": { status: "cancelled", completedAt: now, leaseExpiresAt: null },
};

describe("an allowed transition", () => {
  for (const pair of pairs.filter(isAllowed)) {
    const { transition, status } = pair;
    tenantTest(`${transition} takes a ${status} job on, and changes nothing else`, async ({ jobs, stored }) => {
      const asked =
        transition === "acknowledgeCancel" ? { cancel_requested: true, cancel_requested_at: STARTED_AT } : {};
      const id = await stored.insertJob({ ...jobIn[status], ...asked });
      const before = await jobs.getJob(id);
      const from = await stored.now();
      const after = (await ask[transition](jobs, id)) as MarketplaceJob;
      const until = await stored.now();

      expect(after).toEqual({ ...before, updatedAt: now, ...effects[`${transition} ${status}`] });
      expect(await jobs.getJob(id)).toEqual(after);
      for (const field of ["completedAt", "updatedAt", "cancelRequestedAt", "startedAt"] as const) {
        if (after[field] === null || after[field].getTime() === before![field]?.getTime()) continue;
        expect(after[field].getTime()).toBeGreaterThanOrEqual(from.getTime());
        expect(after[field].getTime()).toBeLessThanOrEqual(until.getTime());
      }
    });
  }
});

describe("a transition that is not allowed", () => {
  for (const pair of pairs.filter((candidate) => !isAllowed(candidate))) {
    const { transition, status } = pair;
    tenantTest(`${transition} leaves a ${status} job as it is, and says so`, async ({ jobs, batches, stored }) => {
      const batchJobId = await stored.insertBatch({ total_count: 2 });
      const id = await stored.insertJob({ ...jobIn[status], batch_job_id: batchJobId });
      const before = [await stored.jobText(id), await stored.batchText(batchJobId)];
      await expect(ask[transition](jobs, id)).rejects.toMatchObject({
        code: "ILLEGAL_JOB_TRANSITION",
        message: expect.stringContaining(`is ${status}`) as string,
        details: { jobId: id, status, transition },
      });
      expect([await stored.jobText(id), await stored.batchText(batchJobId)]).toEqual(before);
      expect(await batches.getBatch(batchJobId)).toMatchObject({ status: "pending" });
    });
  }

  tenantTest("a job whose time is over is not started, though it is pending", async ({ jobs, stored }) => {
    const id = await stored.insertJob({ expires_at: STARTED_AT });
    await expect(jobs.startJob(id)).rejects.toThrow("is pending, but its time to start is over");
  });

  tenantTest("a cancellation that nobody asked for is not acknowledged", async ({ jobs, stored }) => {
    const id = await stored.insertJob(jobIn.running);
    await expect(jobs.acknowledgeCancel(id)).rejects.toThrow("is running, but nobody asked for its cancellation");
  });
});

describe("an unknown id", () => {
  for (const transition of transitions) {
    tenantTest(`is nothing to ${transition}`, async ({ jobs }) => {
      expect(await ask[transition](jobs, 4711)).toBeUndefined();
    });
  }
});

describe("the fence", () => {
  tenantTest("keeps an attempt that is over from settling, whatever the job is by now", async ({ jobs, stored }) => {
    for (const status of jobStatuses) {
      const id = await stored.insertJob({ ...jobIn[status], attempt: 3 });
      const before = await stored.jobText(id);
      for (const settle of [
        () => jobs.completeJob({ id, attempt: 2 }),
        () => jobs.failJob({ id, attempt: 2 }, "429"),
        () => jobs.acknowledgeCancel({ id, attempt: 2 }),
      ]) {
        await expect(settle()).rejects.toMatchObject({ code: "STALE_ATTEMPT" });
      }
      expect(await stored.jobText(id)).toBe(before);
    }
  });

  tenantTest("lets a job out to one worker, and an older one hears that it is lost", async ({ jobs, stored }) => {
    const id = await stored.insertJob();
    const first = await jobs.startJob(id);
    await jobs.failJob(first!, "429", { retryAfterMs: 0 });
    const second = await jobs.startJob(id);
    expect(await jobs.extendLeases([first!])).toEqual({
      extended: [],
      lost: [{ id, attempt: 1 }],
      cancelRequested: [],
    });
    expect((await jobs.extendLeases([second!])).extended).toMatchObject([{ id, attempt: 2 }]);
  });
});

describe("times", () => {
  const span = (from: Date | null, to: Date | null): number => to!.getTime() - from!.getTime();

  tenantTest("a started job is held for ten minutes unless its worker says otherwise", async ({ jobs, stored }) => {
    const job = await jobs.startJob(await stored.insertJob());
    expect(span(job!.startedAt, job!.leaseExpiresAt)).toBe(DEFAULT_LEASE_MS);
    const other = await jobs.startJob(await stored.insertJob(), { leaseMs: 1_000 });
    expect(span(other!.startedAt, other!.leaseExpiresAt)).toBe(1_000);
  });

  tenantTest("a retry has an hour from the time at which it may run", async ({ jobs, stored }) => {
    const failed = await jobs.failJob(await stored.insertJob(jobIn.running), "429", { retryAfterMs: 90_000 });
    expect(span(failed!.job.updatedAt, failed!.job.runAt)).toBe(90_000);
    expect(span(failed!.job.runAt, failed!.job.expiresAt)).toBe(JOB_EXPIRY_MS);
  });

  tenantTest("each further retry waits longer, up to a quarter of an hour", async ({ jobs, stored }) => {
    for (const [retryCount, atMost] of [
      [0, 30_000],
      [1, 60_000],
      [4, 480_000],
      [5, 900_000],
      [1_000, 900_000],
    ] as const) {
      const id = await stored.insertJob({ ...jobIn.running, retry_count: retryCount, max_retries: 2_000 });
      const { job } = (await jobs.failJob(id, "429"))!;
      expect(span(job.updatedAt, job.runAt)).toBeGreaterThanOrEqual(atMost / 2);
      expect(span(job.updatedAt, job.runAt)).toBeLessThanOrEqual(atMost);
    }
  });

  tenantTest("a resumed job has an hour from now, or from when it may run", async ({ jobs, stored }) => {
    const deferred = await stored.insertJob({ ...jobIn.paused, run_at: new Date("2126-01-15T10:15:30Z") });
    expect((await jobs.resumeJob(deferred))!.expiresAt).toEqual(new Date("2126-01-15T11:15:30Z"));
    const due = await jobs.resumeJob(await stored.insertJob({ ...jobIn.paused, expires_at: STARTED_AT }));
    expect(span(due!.updatedAt, due!.expiresAt)).toBe(JOB_EXPIRY_MS);
  });
});

describe("failing", () => {
  const requested = { cancel_requested: true, cancel_requested_at: STARTED_AT };

  tenantTest.for([
    ["goes back to wait while one more attempt is left", { retry_count: 1 }, {}, "pending", 2],
    ["is for good when the last attempt was it", { retry_count: 2 }, {}, "failed", 2],
    ["is for good when trying again cannot help", { retry_count: 0 }, { retry: false }, "failed", 0],
    ["is for good when no retries are allowed at all", { max_retries: 0 }, {}, "failed", 0],
    ["cancels instead of trying again, when asked to", requested, {}, "cancelled", 0],
    ["is for good all the same, when asked to cancel", { ...requested, retry_count: 2 }, {}, "failed", 2],
  ] as const)("%s", async ([_title, columns, options, status, retryCount], { jobs, stored }) => {
    const id = await stored.insertJob({ ...jobIn.running, ...columns });
    const failed = await jobs.failJob(id, "429", options);
    expect(failed!.job).toMatchObject({ status, retryCount, errorMessage: "429", attempt: 2, leaseExpiresAt: null });
    expect(failed!.job.completedAt === null).toBe(status === "pending");
  });

  tenantTest("a job that is completed although it was to be cancelled is completed", async ({ jobs, stored }) => {
    const id = await stored.insertJob({ ...jobIn.running, ...requested, error_message: "earlier" });
    expect((await jobs.completeJob(id))!.job).toMatchObject({ status: "completed", errorMessage: null });
  });

  tenantTest("asking for a cancellation again gives the same job", async ({ jobs, stored }) => {
    const id = await stored.insertJob(jobIn.running);
    const first = await jobs.cancelJob(id);
    expect(await jobs.cancelJob(id)).toEqual(first);
  });
});
