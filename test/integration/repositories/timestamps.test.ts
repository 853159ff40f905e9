import * as fc from "fast-check";
import { sql } from "kysely";
import { expect } from "vitest";
import { tenantTest as test } from "./tenant-fixture.js";

const BATCH_ID = "publish_20260115_101530_a1b2c3d4";
/** Microseconds since 1970 within which a double holds each of them: the years 1685 to 2255. */
const FIRST = BigInt(Number.MIN_SAFE_INTEGER);
const LAST = BigInt(Number.MAX_SAFE_INTEGER);
const EDGES = [FIRST, -1_001n, -1_000n, -999n, -1n, 0n, 1n, 999n, 1_000n, 1_768_472_130_123_999n, LAST];

test("a job of a list has the same times as the job by itself, to the millisecond, from 1685 to 2255", async ({
  db,
  jobs,
  batches,
  table,
}) => {
  const moments = [...EDGES, ...fc.sample(fc.bigInt({ min: FIRST, max: LAST }), 200)];
  await batches.createBatch({
    batchId: BATCH_ID,
    marketplace: "vinted",
    actionCode: "publish",
    productIds: moments.map((_, index) => index + 1),
  });
  await sql`
    update ${table("marketplace_jobs")} j
    set created_at = moment.at, run_at = moment.at, started_at = moment.at, expires_at = moment.at
    from (
      select position, timestamptz 'epoch' + microseconds::bigint * interval '1 microsecond' as at
      from json_array_elements_text(${JSON.stringify(moments.map(String))}::json) with ordinality as m (microseconds, position)
    ) moment
    where j.product_id = moment.position`.execute(db);
  const listed = await jobs.getJobsByBatchId(BATCH_ID);
  expect(listed).toHaveLength(moments.length);
  for (const job of listed) expect(await jobs.getJob(job.id)).toEqual(job);
});
