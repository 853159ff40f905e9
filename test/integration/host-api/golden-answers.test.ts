import { describe, expect } from "vitest";
import type * as z from "zod";
import {
  batchJobsResponse,
  batchListResponse,
  batchProgressResponse,
  batchSummaryResponse,
  cancelResponse,
  createdBatchJobsResponse,
  errorBody,
  jobListResponse,
  jobResponse,
} from "../../../src/contract/index.js";
import { hostApiTest as test } from "./running-host-api.js";

interface Exchange {
  /** The file that holds the answer, in `test/golden/contract`. */
  readonly golden: string;
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly status?: number;
  readonly schema: z.ZodType;
}

const mixed = "publish_20260112_101544_c0ffee42";

const reads: readonly Exchange[] = [
  { golden: "batches", path: "/api/batches", schema: batchListResponse },
  {
    golden: "batches-by-status",
    path: "/api/batches?marketplace=vinted&status_filter=partially_failed&limit=2",
    schema: batchListResponse,
  },
  { golden: "batch", path: `/api/batches/${mixed}`, schema: batchSummaryResponse },
  { golden: "batch-jobs", path: `/api/batches/${mixed}/jobs`, schema: batchJobsResponse },
  {
    golden: "batch-jobs-page",
    path: `/api/batches/${mixed}/jobs?status_filter=pending&limit=2`,
    schema: batchJobsResponse,
  },
  { golden: "vinted-jobs", path: "/api/vinted/jobs?limit=5", schema: jobListResponse },
  { golden: "vinted-jobs-offset", path: "/api/vinted/jobs?limit=2&offset=300", schema: jobListResponse },
  {
    golden: "vinted-jobs-filtered",
    path: `/api/vinted/jobs?status_filter=failed&batch_id=${mixed}`,
    schema: jobListResponse,
  },
  {
    golden: "vinted-jobs-unknown-batch",
    path: "/api/vinted/jobs?batch_id=unknown",
    schema: jobListResponse,
  },
  { golden: "vinted-batch-progress", path: `/api/vinted/jobs/batch/${mixed}`, schema: batchProgressResponse },
  { golden: "vinted-job", path: "/api/vinted/jobs/41", schema: jobResponse },
  { golden: "ebay-jobs", path: "/api/ebay/jobs", schema: jobListResponse },
];

const refusals: readonly Exchange[] = [
  { golden: "unknown-batch", path: "/api/batches/unknown", status: 404, schema: errorBody },
  { golden: "unknown-batch-jobs", path: "/api/batches/unknown/jobs", status: 404, schema: errorBody },
  { golden: "unknown-batch-progress", path: "/api/vinted/jobs/batch/unknown", status: 404, schema: errorBody },
  { golden: "unknown-job", path: "/api/vinted/jobs/99999", status: 404, schema: errorBody },
  { golden: "bad-job-id", path: "/api/vinted/jobs/first", status: 400, schema: errorBody },
  { golden: "bad-query", path: "/api/vinted/jobs?limit=0&offset=-1&page=2", status: 400, schema: errorBody },
  { golden: "bad-status", path: "/api/vinted/jobs?status_filter=done", status: 400, schema: errorBody },
  {
    golden: "cancel-both",
    method: "POST",
    path: "/api/vinted/jobs/cancel",
    body: { job_id: 290, batch_id: mixed },
    status: 400,
    schema: errorBody,
  },
  {
    golden: "cancel-finished-batch",
    method: "POST",
    path: "/api/batches/publish_20260105_091502_3fa1c07e/cancel",
    status: 409,
    schema: errorBody,
  },
  {
    golden: "cancel-finished-job",
    method: "POST",
    path: "/api/vinted/jobs/cancel",
    body: { job_id: 31 },
    status: 409,
    schema: errorBody,
  },
  {
    golden: "create-unknown-action",
    method: "POST",
    path: "/api/vinted/jobs/batch",
    body: { action_code: "publsh", product_ids: [1] },
    status: 400,
    schema: errorBody,
  },
  {
    golden: "create-bad-body",
    method: "POST",
    path: "/api/batches",
    body: { marketplace: "vinted", action_code: "publish", product_ids: [], priority: 5, colour: "red" },
    status: 400,
    schema: errorBody,
  },
];

const writes: readonly Exchange[] = [
  {
    golden: "created-batch-jobs",
    method: "POST",
    path: "/api/vinted/jobs/batch",
    body: { action_code: "publish", product_ids: [7, 8], batch_id: "mine", priority: 2 },
    status: 201,
    schema: createdBatchJobsResponse,
  },
  {
    golden: "created-batch",
    method: "POST",
    path: "/api/batches",
    body: { marketplace: "ebay", action_code: "update", product_ids: [7, 8, 9], batch_id: "mine" },
    status: 201,
    schema: batchSummaryResponse,
  },
  {
    golden: "cancelled-batch",
    method: "POST",
    path: `/api/batches/${mixed}/cancel`,
    schema: cancelResponse,
  },
  {
    golden: "cancelled-batch-of-a-marketplace",
    method: "POST",
    path: "/api/vinted/jobs/cancel",
    body: { batch_id: mixed },
    schema: cancelResponse,
  },
];

for (const [title, exchanges] of Object.entries({
  "what clients read": reads,
  "what clients are refused": refusals,
  "what clients change": writes,
})) {
  describe(title, () => {
    test.for(exchanges)(
      "$golden: $path",
      async ({ golden, method = "GET", path, body, status = 200, schema }, { api }) => {
        const response = await api.request(path, {
          method,
          ...(body === undefined
            ? {}
            : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
        });
        const answer: unknown = await response.json();
        expect({ status: response.status, errors: api.errors }).toEqual({ status, errors: [] });
        expect(schema.parse(answer)).toEqual(answer);
        const text = `${JSON.stringify(answer, maskNow, 2)}\n`;
        await expect(text).toMatchFileSnapshot(`../../golden/contract/${golden}.json`);
      },
    );
  });
}

/** The data set is of January 2026 and older than any run of this test; only what a request writes bears today's date. */
const firstDayOfTests = "2026-03-01";

function maskNow(_key: string, value: unknown): unknown {
  const isDate = typeof value === "string" && /^\d{4}-\d{2}-\d{2}T[\d:.]{12}Z$/u.test(value);
  return isDate && value >= firstDayOfTests ? "<when this ran>" : value;
}
