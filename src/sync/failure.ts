import type { ErrorCode } from "../errors/error-code.js";
import { MarketplaceJobsError } from "../errors/marketplace-jobs-error.js";
import { readSqlError, type SqlError } from "../tenancy/sql-error.js";
import type { TenantSyncFailure } from "./sync-report.js";

/** What the SQLSTATEs mean that a migration of ours raises itself; see `migration-message.ts` for MJ001 to MJ003. */
const OWN_CODES: Readonly<Record<string, ErrorCode>> = {
  MJ004: "BATCH_LINK_CONFLICT",
  MJ005: "COLUMN_IN_USE",
  MJ006: "DOWN_WOULD_LOSE_DATA",
  MJ007: "MIGRATION_ENDED_TRANSACTION",
  MJ008: "MIGRATION_FAILED",
};

const SERVER_CODES: Readonly<Record<string, { readonly code: ErrorCode; readonly hint: string }>> = {
  "2BP01": { code: "COLUMN_IN_USE", hint: "Drop or change what depends on it, then run again." },
  "42501": {
    code: "PERMISSION_DENIED",
    hint: "The role needs USAGE and CREATE on the schema and has to own its tables.",
  },
  "55P03": {
    code: "LOCK_TIMEOUT",
    hint: "Another session kept the tenant's tables locked. Run again when it is quiet, or raise lockTimeoutMs.",
  },
  "25P03": {
    code: "STATEMENT_TIMEOUT",
    hint: "The migration paused between two statements: raise the role's idle_in_transaction_session_timeout.",
  },
  "25P04": { code: "STATEMENT_TIMEOUT", hint: "Raise the role's transaction_timeout." },
  "57014": { code: "STATEMENT_TIMEOUT", hint: "Raise statementTimeoutMs, or the role's statement_timeout." },
};

export const CONNECTION_LOST_HINT =
  "Is the server up and its address right, and are there connections left for this role? Run again: what was done is recorded.";

const CANCELLED = {
  code: "STATEMENT_CANCELLED",
  hint: "Somebody cancelled it, with pg_cancel_backend or a cancel request. Run again: what was done is recorded.",
} as const;

/** An error as the report tells it: no row contents, no connection strings, JSON-safe. */
export function failureOf(error: unknown, migration?: string): TenantSyncFailure {
  const at = migration === undefined ? {} : { migration };
  if (error instanceof MarketplaceJobsError) {
    return {
      code: error.code,
      message: error.message,
      ...at,
      ...given("hint", error.hint),
      ...detailsOf(error.details),
    };
  }
  const said = readSqlError(error);
  const { sqlState } = said;
  if (sqlState?.startsWith("MJ") === true) return ownFailure(said, at);
  if (said.isConnectionLost) {
    const { message } = said;
    return { code: "CONNECTION_LOST", message, hint: CONNECTION_LOST_HINT, ...given("sqlState", sqlState), ...at };
  }
  const known = said.isCancelled ? CANCELLED : SERVER_CODES[sqlState ?? ""];
  const hint = known?.hint ?? said.hint;
  return {
    code: known?.code ?? "MIGRATION_FAILED",
    message: messageOf(said),
    ...given("sqlState", sqlState),
    ...given("hint", hint),
    ...at,
  };
}

/** A schema the role may see but not look into. */
export function noUsagePrivilege(schema: string): TenantSyncFailure {
  const known = SERVER_CODES["42501"];
  return {
    code: "PERMISSION_DENIED",
    sqlState: "42501",
    message: `permission denied for schema ${schema}`,
    ...given("hint", known?.hint),
  };
}

/** Whether the same tenant may succeed later without anything being changed by hand. */
export function isWorthRetrying(error: unknown): boolean {
  if (error instanceof MarketplaceJobsError) return error.isRetryable;
  const { sqlState, isConnectionLost, message } = readSqlError(error);
  if (isConnectionLost) return true;
  // Lock timeout, deadlock, serialization failure, the lock table is full; MJ002: somebody else moved the tenant.
  if (["55P03", "40P01", "40001", "53200", "MJ002"].includes(sqlState ?? "")) return true;
  // Two sessions changed the same catalog row, which PostgreSQL reports as an internal error.
  return sqlState === "XX000" && /tuple concurrently (updated|deleted)/.test(message);
}

function ownFailure({ sqlState = "", message, detail, hint }: SqlError, at: { migration?: string }): TenantSyncFailure {
  const details = parseDetails(detail);
  const code = sqlState === "MJ008" && typeof details?.["code"] === "string" ? details["code"] : OWN_CODES[sqlState];
  return { code: code ?? "MIGRATION_FAILED", sqlState, message, ...given("hint", hint), ...at, ...detailsOf(details) };
}

/** The DETAIL of an exception that a migration of ours raises is a JSON object. */
export function parseDetails(detail: string | undefined): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(detail ?? "");
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

/** PostgreSQL quotes the value in the messages of class 22 (data exception), and values are row contents. */
function messageOf({ sqlState, message }: SqlError): string {
  return sqlState?.startsWith("22") === true ? `PostgreSQL refused a value (SQLSTATE ${sqlState}).` : message;
}

function detailsOf(details: unknown): Pick<TenantSyncFailure, "details"> {
  return details === undefined ? {} : { details: JSON.parse(JSON.stringify(details)) as TenantSyncFailure["details"] };
}

function given<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: string });
}
