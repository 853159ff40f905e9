import { describe, expect } from "vitest";
import { hostApiTest as test } from "./running-host-api.js";

const publish = { action_code: "publish", product_ids: [11, 12, 13] };

describe("one tenant per request", () => {
  test("nobody is served without a session", async ({ api }) => {
    for (const authorization of ["", "Bearer", "Bearer stranger", "Basic legacy"]) {
      const response = await api.request("/api/batches", { headers: { authorization } });
      expect({ status: response.status, body: await response.json() }).toEqual({
        status: 401,
        body: { detail: "Not authenticated" },
      });
    }
  });

  test("what one tenant does, another one neither sees nor can touch", async ({ api }) => {
    const fresh = api.client("fresh");
    const legacy = api.client("legacy");
    const created = await fresh.api.vinted.jobs.batch.$post({ json: { ...publish, batch_id: "of user_11" } });
    expect(created.status).toBe(201);

    expect(await (await fresh.api.batches.$get({ query: {} })).json()).toMatchObject({
      batches: [{ batch_id: "of user_11", total_count: 3 }],
    });
    const param = { batch_id: "of user_11" };
    expect((await legacy.api.batches[":batch_id"].$get({ param })).status).toBe(404);
    expect((await legacy.api.batches[":batch_id"].cancel.$post({ param })).status).toBe(404);
    expect((await fresh.api.batches[":batch_id"].$get({ param })).status).toBe(200);
    expect((await fresh.api.vinted.jobs[":job_id"].$get({ param: { job_id: "300" } })).status).toBe(404);
  });

  test("requests of both tenants at once are answered each from its own schema", async ({ api }) => {
    const totals = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const token = index % 2 === 0 ? "legacy" : "fresh";
        const answer = await (await api.client(token).api.vinted.jobs.$get({ query: { limit: "1" } })).json();
        return [token, "total" in answer ? answer.total : undefined];
      }),
    );
    expect(new Set(totals.map(String))).toEqual(new Set(["legacy,317", "fresh,0"]));
  });
});

describe("creating a batch", () => {
  test("answers each job with the batch's string, and lists them without it", async ({ api }) => {
    const client = api.client("fresh");
    const response = await client.api.vinted.jobs.batch.$post({ json: publish });
    if (response.status !== 201) expect.fail(`${response.status}`);
    const { batch_id, jobs_created, jobs } = await response.json();
    expect(batch_id).toMatch(/^publish_\d{8}_\d{6}_[0-9a-f]{8}$/u);
    expect(jobs_created).toBe(3);
    expect(jobs.map((job) => [job.batch_id, job.product_id, job.status])).toEqual(
      publish.product_ids.map((productId) => [batch_id, productId, "pending"]),
    );
    const list = await client.api.vinted.jobs.$get({ query: { batch_id } });
    if (list.status !== 200) expect.fail(`${list.status}`);
    const { jobs: listed, total } = await list.json();
    expect(total).toBe(3);
    for (const job of listed) {
      expect(job).not.toHaveProperty("batch_id");
      expect(job.batch_job_id).toBe(jobs[0]?.batch_job_id);
    }
  });

  test("twice with the same id creates it once and answers the same jobs", async ({ api }) => {
    const client = api.client("fresh");
    const send = () => client.api.vinted.jobs.batch.$post({ json: { ...publish, batch_id: "once" } });
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([201, 200]);
    const [created, found] = [await first.json(), await second.json()];
    expect(created).toMatchObject({ jobs_created: 3 });
    expect(found).toEqual({ ...created, jobs_created: 0 });
  });

  test("with the id of another marketplace's batch is refused", async ({ api }) => {
    const client = api.client("fresh");
    await client.api.batches.$post({ json: { marketplace: "ebay", ...publish, batch_id: "taken" } });
    for (const response of [
      await client.api.vinted.jobs.batch.$post({ json: { ...publish, batch_id: "taken" } }),
      await client.api.ebay.jobs.batch.$post({ json: { ...publish, action_code: "update", batch_id: "taken" } }),
      await client.api.batches.$post({ json: { marketplace: "vinted", ...publish, batch_id: "taken" } }),
    ]) {
      expect(response.status).toBe(409);
    }
    expect(await (await client.api.vinted.jobs.$get({ query: {} })).json()).toMatchObject({ total: 0 });
  });

  test("for a product that was deleted meanwhile is refused without the driver's words", async ({ api }) => {
    const response = await api.client("legacy").api.batches.$post({
      json: { marketplace: "vinted", action_code: "publish", product_ids: [1, 999_999], batch_id: "half" },
    });
    expect(response.status).toBe(409);
    expect(await response.json()).toEqual({ detail: "Something that the request refers to does not exist" });
    expect((await api.request("/api/batches/half")).status).toBe(404);
  });

  test("keeps who created it", async ({ api, db }) => {
    const client = api.client("fresh");
    await client.api.batches.$post({ json: { marketplace: "ebay", ...publish, batch_id: "mine" } });
    const row = await db
      .withSchema("user_11")
      .selectFrom("batch_jobs")
      .select("created_by_user_id")
      .where("batch_id", "=", "mine")
      .executeTakeFirstOrThrow();
    expect(row.created_by_user_id).toBe(2);
  });

  test("takes any id that a batch may have, also in a path", async ({ api }) => {
    const client = api.client("fresh");
    for (const batch_id of ["a/b", "100%25", "Größe ✓ 🚲", " ", "a?b#c", "+"]) {
      const response = await client.api.batches.$post({ json: { marketplace: "vinted", ...publish, batch_id } });
      expect(response.status).toBe(201);
      const found = await api.request(`/api/batches/${encodeURIComponent(batch_id)}`, {
        headers: { authorization: "Bearer fresh" },
      });
      expect(await found.json()).toMatchObject({ batch_id });
    }
  });
});

describe("cancelling", () => {
  test("a running job stays running until its worker has stopped", async ({ api }) => {
    const client = api.client("legacy");
    const cancelled = await client.api.vinted.jobs.cancel.$post({ json: { job_id: 41 } });
    expect(await cancelled.json()).toEqual({ job_id: 41, batch_id: null, status: "running", cancelled_count: 1 });
    const job = await client.api.vinted.jobs[":job_id"].$get({ param: { job_id: "41" } });
    expect(await job.json()).toMatchObject({ status: "running", cancel_requested: true });
  });

  test("a batch answers how many jobs were cancelled or asked to stop", async ({ api }) => {
    const client = api.client("legacy");
    const param = { batch_id: "publish_20260112_101544_c0ffee42" };
    expect(await (await client.api.batches[":batch_id"].cancel.$post({ param })).json()).toEqual({
      job_id: null,
      batch_id: param.batch_id,
      status: "cancelled",
      cancelled_count: 10,
    });
    expect(await (await client.api.vinted.jobs.batch[":batch_id"].$get({ param })).json()).toMatchObject({
      pending: 0,
      paused: 0,
      running: 2,
      cancelled: 10,
    });
    expect((await client.api.batches[":batch_id"].cancel.$post({ param })).status).toBe(409);
  });
});

describe("one marketplace per path", () => {
  test("jobs and batches of another marketplace are not found", async ({ api }) => {
    const client = api.client("legacy");
    const batch_id = "publish_20260112_101544_c0ffee42";
    for (const response of [
      await client.api.ebay.jobs[":job_id"].$get({ param: { job_id: "41" } }),
      await client.api.ebay.jobs.cancel.$post({ json: { job_id: 41 } }),
      await client.api.ebay.jobs.cancel.$post({ json: { batch_id } }),
      await client.api.ebay.jobs.batch[":batch_id"].$get({ param: { batch_id } }),
    ]) {
      expect(response.status).toBe(404);
    }
    const job = await client.api.vinted.jobs[":job_id"].$get({ param: { job_id: "41" } });
    expect(await job.json()).toMatchObject({ cancel_requested: false });
    expect(await (await client.api.ebay.jobs.$get({ query: { batch_id } })).json()).toMatchObject({ total: 0 });
  });
});

describe("what goes wrong", () => {
  test("a tenant without tables is the server's own affair: logged, and not told", async ({ api }) => {
    const response = await api.request("/api/batches", { headers: { authorization: "Bearer gone" } });
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 500,
      body: { detail: "Internal server error" },
    });
    expect(api.errors).toMatchObject([{ code: "42P01" }]);
  });

  test.for([
    ["a body that is no JSON", { body: "{", headers: { "content-type": "application/json" } }, 400],
    ["a body of another type", { body: "x=1", headers: { "content-type": "text/plain" } }, 400],
    ["no body", {}, 400],
    ["an endless body", { body: "1".repeat(16_385), headers: { "content-type": "application/json" } }, 413],
  ] as const)("%s gets its status with a detail", async ([_what, init, status], { api }) => {
    for (const path of ["/api/batches", "/api/vinted/jobs/batch", "/api/ebay/jobs/cancel"]) {
      const response = await api.request(path, { method: "POST", ...init });
      expect({ status: response.status, body: await response.json() }).toEqual({
        status,
        body: { detail: expect.any(String) },
      });
    }
    expect(api.errors).toEqual([]);
  });

  test("a path that does not exist gets a 404 with a detail", async ({ api }) => {
    for (const path of ["/api/etsy/jobs", "/", "/api/batches/x/y"]) {
      const response = await api.request(path);
      expect({ status: response.status, body: await response.json() }).toEqual({
        status: 404,
        body: { detail: "Not found" },
      });
    }
  });
});

test("a list costs two statements however long it is, and the action types one for all requests", async ({
  api,
  statements,
}) => {
  const client = api.client("legacy");
  const count = async (limit: string): Promise<number> =>
    (await statements.during(() => client.api.vinted.jobs.$get({ query: { limit } }))).statements;
  expect([await count("1"), await count("100"), await count("100")]).toEqual([3, 2, 2]);
});
