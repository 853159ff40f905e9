import type { ActionTypeRepository, BatchJob, MarketplaceJob } from "marketplace-jobs";
import { type JobResponse, type JobWithBatchIdResponse, toJobResponse } from "marketplace-jobs/contract";

/** Jobs as the endpoints answer them, each with the name of its action. */
export async function toJobResponses(
  jobs: readonly MarketplaceJob[],
  actionTypes: ActionTypeRepository,
): Promise<JobResponse[]> {
  const actionTypesById = await actionTypes.getActionTypes(jobs.map((job) => job.actionTypeId));
  return jobs.map((job) => toJobResponse(job, { actionType: actionTypesById.get(job.actionTypeId) }));
}

/** The same for the jobs of one batch, with the batch's string for clients that read it on each job. */
export async function toJobWithBatchIdResponses(
  jobs: readonly MarketplaceJob[],
  batch: BatchJob,
  actionTypes: ActionTypeRepository,
): Promise<JobWithBatchIdResponse[]> {
  const actionTypesById = await actionTypes.getActionTypes(jobs.map((job) => job.actionTypeId));
  return jobs.map((job) => toJobResponse(job, { batch, actionType: actionTypesById.get(job.actionTypeId) }));
}
