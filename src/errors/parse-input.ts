import type * as z from "zod";
import type { ErrorCode } from "./error-code.js";
import { issuesByPath } from "./issues-by-path.js";
import { MarketplaceJobsError } from "./marketplace-jobs-error.js";
import { shortened } from "./quoted.js";

/** Input that was refused before any SQL ran; `details` holds the first issues (paths and messages, no values) and their `count`. */
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

/** How many mistakes an error names: a list of fifty thousand wrong ids must not become a message of megabytes. */
const MAX_NAMED_ISSUES = 10;

/** So much of each: it may repeat keys that are not known, or a key as long as somebody made it. */
const MAX_ISSUE_CHARACTERS = 500;

/** Parses `input` by `schema`, or throws an {@link InvalidInputError} that names the mistakes by their paths. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  params: ParseInputParams,
): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const all = parsed.error.issues;
  const issues = issuesByPath(all.slice(0, MAX_NAMED_ISSUES))
    .slice(0, MAX_NAMED_ISSUES)
    .map(({ path, message }) => ({
      path: shortened(path, MAX_ISSUE_CHARACTERS),
      message: shortened(message, MAX_ISSUE_CHARACTERS),
    }));
  const listed = issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
  const others = all.length - issues.length;
  throw new InvalidInputError({
    code: params.code,
    message: `${params.subject}: ${listed}${others > 0 ? `; and ${others} more` : ""}`,
    hint: params.hint,
    details: { issues, count: Math.max(all.length, issues.length) },
  });
}
