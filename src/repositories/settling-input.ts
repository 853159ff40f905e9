import * as z from "zod";
import { errorTextSchema } from "../entities/error-text.js";
import type { FailJobOptions, JobOutcome, ParsedJobOutcome } from "../entities/job-outcome.js";
import { failJobOptionsSchema, jobOutcomesSchema } from "../entities/job-outcome.js";
import type { JobReference } from "../entities/job-reference.js";
import { jobReferenceSchema } from "../entities/job-reference.js";
import type { JsonValue } from "../entities/json-value.js";
import { jsonValueSchema } from "../entities/json-value.js";
import { parseInput } from "../errors/parse-input.js";
import type { SettledForm } from "./settled-form.js";
import type { SettleJobsOptions } from "./settle-jobs.js";

type Parsed<Outcome extends ParsedJobOutcome["outcome"]> = Extract<ParsedJobOutcome, { readonly outcome: Outcome }>;

const settleJobsOptionsSchema = z.strictObject({ returning: z.enum(["job", "status"]).default("job") });

const resultDataSchema = jsonValueSchema.optional();

export function parseCompletion(job: JobReference, resultData: JsonValue | undefined): Parsed<"completed"> {
  return {
    job: parseInput(jobReferenceSchema, job, { code: "INVALID_INPUT", subject: "completeJob" }),
    outcome: "completed",
    resultData: parseInput(resultDataSchema, resultData, {
      code: "INVALID_INPUT",
      subject: "completeJob resultData",
    }),
  };
}

export function parseFailure(job: JobReference, error: string | Error, options: FailJobOptions = {}): Parsed<"failed"> {
  return {
    job: parseInput(jobReferenceSchema, job, { code: "INVALID_INPUT", subject: "failJob" }),
    outcome: "failed",
    error: parseInput(errorTextSchema, error, { code: "INVALID_INPUT", subject: "failJob error" }),
    ...parseInput(failJobOptionsSchema, options, { code: "INVALID_INPUT", subject: "failJob options" }),
  };
}

export function parseAcknowledgement(job: JobReference): Parsed<"cancelled"> {
  return {
    job: parseInput(jobReferenceSchema, job, { code: "INVALID_INPUT", subject: "acknowledgeCancel" }),
    outcome: "cancelled",
  };
}

export function parseOutcomes(outcomes: readonly JobOutcome[]): ParsedJobOutcome[] {
  return parseInput(jobOutcomesSchema, outcomes, { code: "INVALID_INPUT", subject: "settleJobs" });
}

export function parseSettledForm<Form extends SettledForm>(options: SettleJobsOptions<Form>): Form {
  const { returning } = parseInput(settleJobsOptionsSchema, options, {
    code: "INVALID_INPUT",
    subject: "settleJobs options",
  });
  // Left out, the type parameter is its default.
  return returning as Form;
}
