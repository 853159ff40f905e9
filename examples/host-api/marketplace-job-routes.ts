import { Hono } from "hono";
import type { Marketplace } from "marketplace-jobs";
import {
  batchIdParam,
  cancelBody,
  createMarketplaceBatchBody,
  jobIdParam,
  jobListQuery,
  notFoundResponse,
  toBatchProgressResponse,
  toCancelBatchResponse,
  toCancelJobResponse,
  toCreatedBatchJobsResponse,
  toJobListFilter,
  toJobListResponse,
  toJobResponse,
  toNewBatchJob,
} from "marketplace-jobs/contract";
import { batchIdTaken, isSameBatch } from "./batch-id-taken.js";
import type { HostEnv } from "./host-env.js";
import { toJobResponses, toJobWithBatchIdResponses } from "./job-responses.js";
import { validate } from "./validate.js";

/** `/api/<marketplace>/jobs`: the jobs of one marketplace. Those of another are not found here. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the inferred type is what the typed client reads
export function marketplaceJobRoutes(marketplace: Marketplace) {
  return new Hono<HostEnv>()
    .get("/", validate("query", jobListQuery), async ({ req, var: { tenant, actionTypes }, json }) => {
      const filter = toJobListFilter(marketplace, req.valid("query"));
      const { batchId, status } = filter;
      const [jobs, counts] = await Promise.all([
        tenant.jobs.listJobs(filter),
        tenant.jobs.countJobsByStatus({ marketplace, batchId }),
      ]);
      return json(toJobListResponse({ jobs: await toJobResponses(jobs, actionTypes), counts, status }), 200);
    })
    .post(
      "/batch",
      validate("json", createMarketplaceBatchBody),
      async ({ req, var: { tenant, actionTypes, session }, json }) => {
        const newBatch = toNewBatchJob(req.valid("json"), { marketplace, createdByUserId: session.userId });
        const result = await tenant.batches.createBatch(newBatch);
        if (!isSameBatch(result.batch, newBatch)) return json(batchIdTaken(result.batch.batchId), 409);
        const jobs = await tenant.jobs.getJobsByBatchId(result.batch.batchId);
        const answers = await toJobWithBatchIdResponses(jobs, result.batch, actionTypes);
        return json(toCreatedBatchJobsResponse(result, answers), result.created ? 201 : 200);
      },
    )
    .get("/batch/:batch_id", validate("param", batchIdParam), async ({ req, var: { tenant }, json }) => {
      const { batch_id: batchId } = req.valid("param");
      const batch = await tenant.batches.getBatchByBatchId(batchId);
      if (batch?.marketplace !== marketplace) return json(notFoundResponse("batch", batchId).body, 404);
      return json(toBatchProgressResponse(batch, await tenant.jobs.countJobsByStatus({ batchId })), 200);
    })
    .post("/cancel", validate("json", cancelBody), async ({ req, var: { tenant }, json }) => {
      const body = req.valid("json");
      if ("job_id" in body) {
        const job = await tenant.jobs.getJob(body.job_id);
        const cancelled = job?.marketplace === marketplace ? await tenant.jobs.cancelJob(job.id) : undefined;
        if (cancelled === undefined) return json(notFoundResponse("job", body.job_id).body, 404);
        return json(toCancelJobResponse(cancelled.job), 200);
      }
      const batch = await tenant.batches.getBatchByBatchId(body.batch_id);
      const cancelled =
        batch?.marketplace === marketplace ? await tenant.batches.cancelBatch(batch.batchId) : undefined;
      if (cancelled === undefined) return json(notFoundResponse("batch", body.batch_id).body, 404);
      return json(toCancelBatchResponse(cancelled), 200);
    })
    .get("/:job_id", validate("param", jobIdParam), async ({ req, var: { tenant, actionTypes }, json }) => {
      const { job_id: id } = req.valid("param");
      const job = await tenant.jobs.getJob(id);
      if (job?.marketplace !== marketplace) return json(notFoundResponse("job", id).body, 404);
      return json(toJobResponse(job, { actionType: await actionTypes.getActionType(job.actionTypeId) }), 200);
    });
}
