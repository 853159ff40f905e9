/**
 * Every code that an error of this library can carry. Codes are public: a host may branch on them, logs may be
 * searched for them, and renaming one is a breaking change.
 */
export const errorCodes = [
  "ACTION_TYPE_EXISTS",
  "BATCH_ALREADY_FINISHED",
  "BATCH_LINK_CONFLICT",
  "BATCH_PRUNED",
  "COLUMN_IN_USE",
  "CONNECTION_LOST",
  "DOWN_WOULD_LOSE_DATA",
  "ILLEGAL_JOB_TRANSITION",
  "INVALID_INPUT",
  "INVALID_MIGRATIONS",
  "INVALID_OPTIONS",
  "INVALID_ROW",
  "INVALID_TENANT_SCHEMA",
  "LOCK_TIMEOUT",
  "MIGRATION_ENDED_TRANSACTION",
  "MIGRATION_FAILED",
  "MIGRATION_NOT_REVERSIBLE",
  "PERMISSION_DENIED",
  "STALE_ATTEMPT",
  "STATEMENT_CANCELLED",
  "STATEMENT_TIMEOUT",
  "TENANT_SCHEMA_EXISTS",
  "TENANT_REPAIR_FAILED",
  "TENANT_SYNC_ABORTED",
  "TENANT_SYNC_FAILED",
  "UNKNOWN_ACTION_TYPE",
  "UNKNOWN_BATCH",
  "UNKNOWN_COLUMN",
  "UNKNOWN_MIGRATION",
  "UNKNOWN_TENANT_SCHEMA",
  "UNSAFE_INTEGER",
] as const;

export type ErrorCode = (typeof errorCodes)[number];
