import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { describe, expect } from "vitest";
import { coalesceJobCalls, forTenant } from "../../../src/index.js";
import { coalescedTest as test, waitingSessions } from "./coalesced-fixture.js";

const anything = (value: unknown): never => value as never;

const outcomesOf = async (calls: readonly Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(calls)).map((call) =>
    call.status === "fulfilled" ? "done" : (call.reason as { readonly code?: unknown }).code,
  );

describe("one caller's failure is not another's", () => {
  test("a host's trigger that raises for one job fails that caller alone", async ({
    calls,
    claimed,
    triggerOnCompletion,
    jobs,
    batches,
    schema,
    statements,
  }) => {
    await triggerOnCompletion(3, "raise exception 'no' using errcode = 'P0042'");
    const claims = await claimed(5);
    const { result, ...sent } = await statements.during(() =>
      outcomesOf(claims.map((job) => calls.completeJob(job, { tenant: schema }))),
    );
    expect(result).toEqual(["done", "done", "P0042", "done", "done"]);
    expect(sent.statements).toBe(1 + claims.length);
    expect(await jobs.countJobsByStatus()).toMatchObject({ completed: 4, running: 1 });
    expect(await batches.auditBatches()).toEqual([]);
  });

  test("a host's trigger that keeps one job as it was has that caller refused, as by itself", async ({
    calls,
    claimed,
    triggerOnCompletion,
    jobs,
  }) => {
    await triggerOnCompletion(3, "return null");
    const claims = await claimed(4);
    const told = await Promise.allSettled(claims.map((job) => calls.completeJob(job)));
    expect(told.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    const alone = await jobs.completeJob(claims[2]!).catch((error: unknown) => error);
    expect(told[2]).toMatchObject({ reason: alone });
    expect(alone).toMatchObject({
      code: "ILLEGAL_JOB_TRANSITION",
      message: expect.stringContaining("but a trigger of the table keeps it so"),
    });
    expect(await jobs.settleJobs([{ job: claims[2]!, outcome: "completed" }])).toEqual({
      settled: [],
      rejected: [{ id: claims[2]!.id, reason: "ILLEGAL_JOB_TRANSITION", status: "running" }],
      finishedBatches: [],
    });
  });

  test("calls that are sent again each by itself take one connection", async ({
    claimed,
    database,
    triggerOnCompletion,
    schema,
  }) => {
    await triggerOnCompletion(1, "raise exception 'no'");
    const claims = await claimed(8);
    let [atATime, most] = [0, 0];
    const pool = new pg.Pool({ connectionString: database.url, max: 8 });
    pool.on("acquire", () => (most = Math.max(most, (atATime += 1))));
    pool.on("release", () => (atATime -= 1));
    const own = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    try {
      const calls = coalesceJobCalls(forTenant(own, schema).jobs);
      const codes = await outcomesOf(claims.map((job) => calls.completeJob(job)));
      expect(codes).toEqual(["P0001", ...Array.from({ length: 7 }, () => "done")]);
      expect(most).toBe(1);
    } finally {
      await own.destroy();
    }
  });

  test("results that would be too long together go apart, and small ones with whichever goes first", async ({
    calls,
    claimed,
    jobs,
    statements,
  }) => {
    const [first, second, third, small] = await claimed(4);
    const page = "x".repeat(9 * 1024 * 1024);
    const { result, ...sent } = await statements.during(() =>
      outcomesOf([
        ...[first, second, third].map((job) => calls.completeJob(job!, { page })),
        calls.completeJob(small!, { page: "" }),
      ]),
    );
    expect(result).toEqual(["done", "done", "done", "done"]);
    expect(sent.statements).toBe(3);
    expect(await jobs.countJobsByStatus()).toMatchObject({ completed: 4 });
  });

  test("a thrown value that cannot even be looked at reaches every caller", async ({ database, schema }) => {
    const unreadable = Object.defineProperty(new Error("no"), "code", {
      get: () => {
        throw new Error("not even its code");
      },
    });
    const pool = new pg.Pool({ connectionString: database.url });
    const connect = (): Promise<never> => Promise.reject(unreadable);
    const own = new Kysely<unknown>({
      dialect: new PostgresDialect({ pool: { connect, end: () => pool.end(), options: pool.options } }),
    });
    try {
      const calls = coalesceJobCalls(forTenant(own, schema).jobs);
      const claims = [1, 2].map(() => calls.claimJobs({ marketplace: "vinted", limit: 1 }));
      expect((await Promise.allSettled(claims)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    } finally {
      await own.destroy();
    }
  });

  test("a job whose number is too large to read fails its caller alone, and what was done stays done", async ({
    calls,
    claimed,
    db,
    jobs,
    table,
    statements,
  }) => {
    const [unreadable, ...others] = await claimed(3);
    await sql`update ${table("marketplace_jobs")} set product_id = 9007199254740993
      where id = ${unreadable!.id}`.execute(db);
    const { result, ...sent } = await statements.during(() =>
      outcomesOf([unreadable!, ...others].map((job) => calls.completeJob(job))),
    );
    expect(result).toEqual(["UNSAFE_INTEGER", "done", "done"]);
    expect(sent.statements).toBe(1);
    expect(await jobs.countJobsByStatus()).toMatchObject({ completed: 3 });
  });

  test("a job that cannot be read is handed to one claim, which alone fails", async ({ calls, db, jobs, table }) => {
    for (const _ of [1, 2, 3]) await jobs.createJob({ marketplace: "vinted", actionCode: "publish" });
    await sql`update ${table("marketplace_jobs")} set product_id = 9007199254740993
      where id = (select min(id) from ${table("marketplace_jobs")})`.execute(db);
    const claims = [1, 2, 3].map(() => calls.claimJobs({ marketplace: "vinted", limit: 1 }));
    expect(await outcomesOf(claims)).toEqual(["UNSAFE_INTEGER", "done", "done"]);
  });

  test("a malformed call reaches no group, and the others are done", async ({ calls, claimed, statements }) => {
    const [first, second] = await claimed(2);
    const { result, ...sent } = await statements.during(() =>
      outcomesOf([
        calls.completeJob(first!, anything(Number.NaN)),
        calls.failJob(first!, "busy", anything({ retries: 3 })),
        calls.completeJob(anything({ id: 0, attempt: 1 })),
        calls.acknowledgeCancel(anything("17")),
        calls.settleJobs([]),
        calls.settleJobs([1, 1].map((job) => ({ job, outcome: "completed" }))),
        calls.claimJobs(anything({ marketplace: "vinted", limit: 1, colour: "red" })),
        calls.completeJob(first!),
        calls.completeJob(second!),
      ]),
    );
    expect(result).toEqual([...Array.from({ length: 7 }, () => "INVALID_INPUT"), "done", "done"]);
    expect(sent.statements).toBe(1);
  });

  test("a lock that is waited for too long fails the caller who needs it", async ({ claimed, db, hold, schema }) => {
    const [held, ...others] = await claimed(4);
    const letGo = await hold(held);
    try {
      await db.connection().execute(async (connection) => {
        await sql`set lock_timeout = '200ms'`.execute(connection);
        const calls = coalesceJobCalls(forTenant(connection, schema).jobs);
        const settled = [held!, ...others].map((job) => calls.completeJob(job));
        expect(await outcomesOf(settled)).toEqual(["55P03", "done", "done", "done"]);
        await sql`reset lock_timeout`.execute(connection);
      });
    } finally {
      await letGo();
    }
  });
});

describe("a connection that is lost", () => {
  test("fails all whose calls it had, nothing is sent again, and the next call finds another one", async ({
    calls,
    claimed,
    db,
    hold,
    jobs,
    statements,
  }) => {
    const [held, ...others] = await claimed(4);
    const letGo = await hold(held);
    const { result, ...sent } = await statements.during(async () => {
      const settled = outcomesOf([held!, ...others].map((job) => calls.completeJob(job)));
      const [waiting] = await waitingSessions(db);
      await sql`select pg_terminate_backend(${waiting})`.execute(db);
      return settled;
    });
    expect(result).toEqual(["57P01", "57P01", "57P01", "57P01"]);
    expect(sent.texts.filter((text) => text.includes("decided"))).toHaveLength(1);
    await letGo();
    expect(await jobs.countJobsByStatus()).toMatchObject({ running: 4 });

    const settled = await Promise.all([held!, ...others].map((job) => calls.completeJob(job)));
    expect(settled.at(-1)?.finishedBatch).toMatchObject({ completedCount: 4 });
  });
});

describe("a statement that the driver gives up", () => {
  test("fails all whose calls it had, and nothing is sent again: it may yet be done", async ({
    claimed,
    database,
    hold,
    schema,
  }) => {
    const claims = await claimed(3);
    const letGo = await hold(claims[0]);
    let sent = 0;
    const impatient = new Kysely<any>({
      dialect: new PostgresDialect({
        pool: new pg.Pool({ connectionString: database.url, max: 1, query_timeout: 500 }),
      }),
      log: () => void (sent += 1),
    });
    const { jobs } = forTenant(impatient, schema);
    const calls = coalesceJobCalls(jobs);
    const settled = await Promise.allSettled(claims.map((job) => calls.completeJob(job)));
    await letGo();
    expect(settled.map((call) => call.status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(sent).toBe(1);
    // The one connection answers when it is through with what it was sent before.
    expect(await jobs.countJobsByStatus()).toMatchObject({ completed: 3 });
    await impatient.destroy();
  });
});

describe("within a transaction", () => {
  test("calls are refused to go together, and the transaction goes on", async ({ db, schema, tenant: _created }) => {
    await db.transaction().execute(async (transaction) => {
      const { jobs } = forTenant(transaction, schema);
      expect(() => coalesceJobCalls(jobs)).toThrow(
        expect.objectContaining({
          code: "INVALID_OPTIONS",
          message: expect.stringContaining("must not be over a transaction"),
          hint: expect.stringContaining("forTenant(transaction, schema).jobs"),
        }),
      );
      expect(await jobs.getJob(1)).toBeUndefined();
    });
  });
});
