import type { BatchJob, MarketplaceJob } from "marketplace-jobs";
import {
  type CancelBody,
  type cancelBody,
  type JobResponse,
  type JobWithBatchIdResponse,
  type jobListQuery,
  toJobResponse,
} from "marketplace-jobs/contract";
import { describe, expectTypeOf, test } from "vitest";
import type * as z from "zod";

declare const job: MarketplaceJob;
declare const batch: BatchJob;
declare const perhaps: BatchJob | undefined;

describe("a job's answer", () => {
  test("has no batch_id unless the batch was given", () => {
    expectTypeOf(toJobResponse(job)).toEqualTypeOf<JobResponse>();
    // @ts-expect-error A job has no string id of its own.
    void toJobResponse(job).batch_id;
    // @ts-expect-error Nor does its schema's output.
    void ({} as JobResponse).batch_id;
  });

  test("has the batch's string once it was given, and perhaps where perhaps it was", () => {
    expectTypeOf(toJobResponse(job, { batch })).toEqualTypeOf<JobWithBatchIdResponse>();
    expectTypeOf(toJobResponse(job, { batch: null }).batch_id).toEqualTypeOf<string | null>();
    expectTypeOf(toJobResponse(job, { batch: perhaps })).toEqualTypeOf<JobResponse | JobWithBatchIdResponse>();
  });
});

describe("requests", () => {
  test("a client may leave out limit and offset; a handler always has them", () => {
    expectTypeOf<z.input<typeof jobListQuery>["limit"]>().toEqualTypeOf<string | number | undefined>();
    expectTypeOf<z.output<typeof jobListQuery>["limit"]>().toEqualTypeOf<number>();
  });

  test("a parsed cancellation names one thing", () => {
    expectTypeOf<z.output<typeof cancelBody>>().toEqualTypeOf<CancelBody>();
    expectTypeOf<CancelBody>().toEqualTypeOf<{ job_id: number } | { batch_id: string }>();
  });
});
