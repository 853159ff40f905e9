import { Hono } from "hono";
import {
  batchIdParam,
  batchJobsQuery,
  batchListQuery,
  createBatchBody,
  notFoundResponse,
  toBatchJobsResponse,
  toBatchListFilter,
  toBatchListResponse,
  toBatchSummaryResponse,
  toCancelBatchResponse,
  toNewBatchJob,
} from "marketplace-jobs/contract";
import { batchIdTaken, isSameBatch } from "./batch-id-taken.js";
import type { HostEnv } from "./host-env.js";
import { toJobResponses } from "./job-responses.js";
import { validate } from "./validate.js";

/** `/api/batches`: the batches of all marketplaces. */
export const batchRoutes = new Hono<HostEnv>()
  .get("/", validate("query", batchListQuery), async ({ req, var: { tenant }, json }) => {
    const batches = await tenant.batches.listBatches(toBatchListFilter(req.valid("query")));
    return json(toBatchListResponse(batches), 200);
  })
  .post("/", validate("json", createBatchBody), async ({ req, var: { tenant, session }, json }) => {
    const body = req.valid("json");
    const newBatch = toNewBatchJob(body, { marketplace: body.marketplace, createdByUserId: session.userId });
    const { batch, created } = await tenant.batches.createBatch(newBatch);
    if (!isSameBatch(batch, newBatch)) return json(batchIdTaken(batch.batchId), 409);
    return json(toBatchSummaryResponse(batch), created ? 201 : 200);
  })
  .get("/:batch_id", validate("param", batchIdParam), async ({ req, var: { tenant }, json }) => {
    const { batch_id: batchId } = req.valid("param");
    const batch = await tenant.batches.getBatchByBatchId(batchId);
    if (batch === undefined) return json(notFoundResponse("batch", batchId).body, 404);
    return json(toBatchSummaryResponse(batch), 200);
  })
  .post("/:batch_id/cancel", validate("param", batchIdParam), async ({ req, var: { tenant }, json }) => {
    const { batch_id: batchId } = req.valid("param");
    const cancelled = await tenant.batches.cancelBatch(batchId);
    if (cancelled === undefined) return json(notFoundResponse("batch", batchId).body, 404);
    return json(toCancelBatchResponse(cancelled), 200);
  })
  .get(
    "/:batch_id/jobs",
    validate("param", batchIdParam),
    validate("query", batchJobsQuery),
    async ({ req, var: { tenant, actionTypes }, json }) => {
      const { batch_id: batchId } = req.valid("param");
      const batch = await tenant.batches.getBatchByBatchId(batchId);
      if (batch === undefined) return json(notFoundResponse("batch", batchId).body, 404);
      const { status_filter: status, limit, after } = req.valid("query");
      const jobs = await tenant.jobs.getJobsByBatchId(batchId, { status, limit, after });
      return json(toBatchJobsResponse(batch, await toJobResponses(jobs, actionTypes)), 200);
    },
  );
