import * as z from "zod";
import type { ErrorCode } from "./error-code.js";
import { MarketplaceJobsError } from "./marketplace-jobs-error.js";

/** Input that was refused before any SQL ran; `details` holds zod's issues (paths and messages, no values). */
export class InvalidInputError extends MarketplaceJobsError {}

export interface ParseInputParams {
  /** What is being parsed, as the caller knows it: `syncTenantSchemas options`, `createJob`. */
  readonly subject: string;
  readonly code: Extract<
    ErrorCode,
    "INVALID_INPUT" | "INVALID_OPTIONS" | "INVALID_TENANT_SCHEMA" | "INVALID_MIGRATIONS"
  >;
  readonly hint?: string | undefined;
}

/** Parses `input` by `schema`, or throws an {@link InvalidInputError} that names every mistake by its path. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  params: ParseInputParams,
): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ path: z.core.toDotPath(issue.path), message: issue.message }));
  const listed = issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
  throw new InvalidInputError({
    code: params.code,
    message: `${params.subject}: ${listed}`,
    hint: params.hint,
    details: { issues },
  });
}
