export type { TenantSelection } from "./tenancy/tenant-selection.js";
export { LEDGER_TABLE } from "./tenancy/ledger.js";
export { NO_MIGRATIONS, type NoMigrations } from "./sync/no-migrations.js";
export type { NamedDatabase } from "./sync/sync-databases.js";
export {
  DEFAULT_CONCURRENCY,
  DEFAULT_LOCK_TIMEOUT_MS,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_SHARED_SCHEMA,
  DEFAULT_TENANT_PATTERN,
} from "./sync/sync-defaults.js";
export type { SyncEvent, SyncPhase } from "./sync/sync-event.js";
export type { FleetOptions, SyncOptions } from "./sync/sync-options.js";
export {
  type Blocker,
  type SyncOutcome,
  type SyncReport,
  syncReportSchema,
  type TenantSyncFailure,
  type TenantSyncReport,
} from "./sync/sync-report.js";
export { syncTenantSchemas } from "./sync/sync-tenant-schemas.js";
export type { MigrationDirection } from "./sync/migration-step.js";
export { TenantSyncError } from "./sync/tenant-sync-error.js";
export { MigrationNotReversibleError } from "./errors/migration-not-reversible-error.js";
export { UnknownMigrationError } from "./errors/unknown-migration-error.js";
export { UnknownTenantSchemaError } from "./errors/unknown-tenant-schema-error.js";
