import type { ErrorCode } from "./error-code.js";

/** What an error of this library is made of. */
export interface MarketplaceJobsErrorParams {
  readonly code: ErrorCode;
  /** What happened and where, in one sentence; never row contents, never a connection string. */
  readonly message: string;
  /** What the reader can do about it. */
  readonly hint?: string | undefined;
  readonly tenant?: string | undefined;
  readonly migration?: string | undefined;
  /** True when the same call may succeed later without anything being changed by hand. */
  readonly isRetryable?: boolean | undefined;
  /** Machine-readable particulars: counts, ids, names; JSON-safe. */
  readonly details?: unknown;
  readonly cause?: unknown;
}

/**
 * The base of every error that this library throws.
 *
 * Branch on `code` rather than on the class: `instanceof` fails when two copies of the package are installed.
 */
export class MarketplaceJobsError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly tenant: string | undefined;
  readonly migration: string | undefined;
  readonly isRetryable: boolean;
  readonly details: unknown;

  constructor(params: MarketplaceJobsErrorParams) {
    super(params.message, params.cause === undefined ? undefined : { cause: params.cause });
    this.name = new.target.name;
    this.code = params.code;
    this.hint = params.hint;
    this.tenant = params.tenant;
    this.migration = params.migration;
    this.isRetryable = params.isRetryable ?? false;
    this.details = params.details;
  }
}
