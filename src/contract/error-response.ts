import * as z from "zod";
import { type ErrorCode, errorCodes } from "../errors/error-code.js";
import type { MarketplaceJobsError } from "../errors/marketplace-jobs-error.js";
import { driverErrorResponse, SERVER_IS_BUSY } from "./driver-error-response.js";

/** The body of every answer that is not a success. */
export const errorBody = z.strictObject({ detail: z.string() });

export type ErrorBody = z.output<typeof errorBody>;

export interface ErrorResponse {
  readonly status: 400 | 404 | 409 | 500 | 503;
  readonly body: ErrorBody;
}

/**
 * The errors of ours whose message was written for whoever made the request. Everything that is not here is the host's
 * or the server's own affair and is answered without particulars.
 */
const statusByCode: Partial<Record<ErrorCode, 400 | 404 | 409>> = {
  INVALID_INPUT: 400,
  INVALID_TENANT_SCHEMA: 400,
  UNKNOWN_ACTION_TYPE: 400,
  UNKNOWN_BATCH: 404,
  BATCH_ALREADY_FINISHED: 409,
  ILLEGAL_JOB_TRANSITION: 409,
  STALE_ATTEMPT: 409,
};

/**
 * Status and body for anything that was thrown while a request was served: 400 for input that zod or this library
 * refused, 404 and 409 for what the tenant's data does not allow, 503 where the same request may succeed later, and
 * 500 for the rest. A driver's error is told by its code alone: its text never gets into the answer, nor does a stack
 * or a row; log the error itself.
 *
 * @example
 * ```ts
 * import { Hono } from "hono";
 * import { toErrorResponse } from "marketplace-jobs/contract";
 *
 * export const app = new Hono().onError((error, context) => {
 *   const { status, body } = toErrorResponse(error);
 *   if (status >= 500) console.error(error);
 *   return context.json(body, status);
 * });
 * ```
 */
export function toErrorResponse(error: unknown): ErrorResponse {
  if (error instanceof z.core.$ZodError) return answer(400, describeIssues(error.issues));
  if (isOurs(error)) {
    const status = statusByCode[error.code];
    if (status !== undefined) return answer(status, withoutTenant(error));
    return error.isRetryable ? answer(503, SERVER_IS_BUSY) : answer(500, SERVER_FAILED);
  }
  const told = error instanceof Error && "code" in error ? driverErrorResponse(error.code) : undefined;
  return told === undefined ? answer(500, SERVER_FAILED) : answer(told.status, told.detail);
}

/**
 * The answer for something that is not there.
 *
 * @example
 * ```ts
 * import { notFoundResponse } from "marketplace-jobs/contract";
 *
 * console.log(notFoundResponse("job", 17)); // { status: 404, body: { detail: 'Job 17 not found' } }
 * ```
 */
export function notFoundResponse(
  subject: "batch" | "job",
  id: string | number,
): ErrorResponse & { readonly status: 404 } {
  const name = subject === "batch" ? "Batch" : "Job";
  return { status: 404, body: { detail: `${name} ${id} not found` } };
}

const SERVER_FAILED = "Internal server error";

function answer(status: ErrorResponse["status"], detail: string): ErrorResponse {
  return { status, body: { detail } };
}

/** Enough to correct a request by; one with 50,000 wrong products has as many issues. */
const DESCRIBED_ISSUES = 10;

function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const described = issues
    .slice(0, DESCRIBED_ISSUES)
    .map(({ path, message }) => (path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`))
    .join("; ");
  return issues.length > DESCRIBED_ISSUES ? `${described}; and ${issues.length - DESCRIBED_ISSUES} more` : described;
}

/** A schema's name is the server's own affair, even the client's own tenant's. */
function withoutTenant({ message, tenant }: { readonly message: string; readonly tenant: string | undefined }): string {
  const name = JSON.stringify(tenant);
  return tenant === undefined ? message : message.replace(` of ${name}`, "").replace(` in ${name}`, "");
}

/** By its code and not by its class, which another copy of this package would have a second time. */
function isOurs(error: unknown): error is Pick<MarketplaceJobsError, "code" | "message" | "tenant" | "isRetryable"> {
  return (
    error instanceof Error &&
    "isRetryable" in error &&
    "code" in error &&
    (errorCodes as readonly unknown[]).includes(error.code)
  );
}
