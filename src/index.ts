export { type ErrorCode, errorCodes } from "./errors/error-code.js";
export { MarketplaceJobsError, type MarketplaceJobsErrorParams } from "./errors/marketplace-jobs-error.js";
export { InvalidInputError } from "./errors/parse-input.js";
export { type TenantSchemaName, tenantSchemaName } from "./tenancy/tenant-schema-name.js";
export type { TenantSelection } from "./tenancy/tenant-selection.js";
export type { FunctionMigration, Migration } from "../migrations/migration.js";
export type { PlainSqlMigration } from "../migrations/plain-sql-migration.js";
export { LEDGER_TABLE } from "./tenancy/ledger.js";
export {
  type CreatedTenantSchema,
  createTenantSchema,
  type CreateTenantSchemaOptions,
} from "./tenancy/create-tenant-schema.js";
export { TenantSchemaExistsError } from "./errors/tenant-schema-exists-error.js";
export { RUN_CHANNEL, type RunTrace, TENANT_CHANNEL, type TenantTrace } from "./sync/tracing.js";
export { listTenantSchemas, type ListTenantSchemasOptions } from "./tenancy/list-tenant-schemas.js";
export { DEFAULT_TENANT_PATTERN } from "./tenancy/tenant-pattern.js";
export { NO_MIGRATIONS, type NoMigrations } from "./sync/no-migrations.js";
export type { NamedDatabase } from "./sync/sync-databases.js";
export {
  DEFAULT_CONCURRENCY,
  DEFAULT_LOCK_TIMEOUT_MS,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_SHARED_SCHEMA,
} from "./sync/sync-defaults.js";
export type { SyncEvent, SyncEventSubject, SyncPhase } from "./sync/sync-event.js";
export type { FleetOptions, SyncOptions } from "./sync/sync-options.js";
export {
  type Blocker,
  type SyncOutcome,
  syncOutcomes,
  type SyncReport,
  syncReportSchema,
  type TenantSyncFailure,
  type TenantSyncReport,
  tenantSyncReportSchema,
} from "./sync/sync-report.js";
export {
  type PlanOptions,
  planTenantSchemas,
  type TenantSchemaPlan,
  tenantSchemaPlanSchema,
} from "./sync/plan-tenant-schemas.js";
export { syncTenantSchemas } from "./sync/sync-tenant-schemas.js";
export type { MigrationDirection } from "./sync/migration-step.js";
export {
  getTenantSchemaStatus,
  type StatusOptions,
  type TenantSchemaStatus,
  tenantSchemaStatusSchema,
} from "./sync/tenant-schema-status.js";
export { TenantSyncError } from "./sync/tenant-sync-error.js";
export { MigrationNotReversibleError } from "./errors/migration-not-reversible-error.js";
export { UnknownMigrationError } from "./errors/unknown-migration-error.js";
export { UnknownTenantSchemaError } from "./errors/unknown-tenant-schema-error.js";
export { batchIdSchema, generateBatchId } from "./entities/batch-id.js";
export { batchJobSchema, type BatchJob } from "./entities/batch-job.js";
export { batchJobStatuses, type BatchJobStatus } from "./entities/batch-job-status.js";
export { batchStatus, type BatchCounters } from "./entities/batch-status-rule.js";
export { summarizeBatch, type BatchSummary } from "./entities/batch-summary.js";
export { type ClaimedJob, type JobReference } from "./entities/job-reference.js";
export {
  type JobStatus,
  type JobStatusCounts,
  jobStatuses,
  type TerminalJobStatus,
  terminalJobStatuses,
} from "./entities/job-status.js";
export {
  CANCEL_ACKNOWLEDGE_MS,
  DEFAULT_LEASE_MS,
  JOB_EXPIRY_MS,
  RETRY_BACKOFF_BASE_MS,
  RETRY_BACKOFF_CAP_MS,
  UNLEASED_JOB_LOST_MS,
} from "./entities/job-timing.js";
export { type JobTransition, jobTransitions } from "./entities/job-transition.js";
export { type JsonValue } from "./entities/json-value.js";
export { type KnownMarketplace, knownMarketplaces, type Marketplace } from "./entities/marketplace.js";
export { type MarketplaceJob, marketplaceJobSchema } from "./entities/marketplace-job.js";
export { MAX_BATCH_SIZE, type NewBatchJob, newBatchJobSchema } from "./entities/new-batch-job.js";
export { type NewMarketplaceJob, newMarketplaceJobSchema } from "./entities/new-marketplace-job.js";
export { priorities } from "./entities/priority.js";
export type {
  BatchJobsTable,
  GeneratedTimestamp,
  MarketplaceJobsTable,
  NullableJson,
  NullableTimestamp,
  TenantTables,
} from "./entities/tenant-tables.js";
export {
  BatchAlreadyFinishedError,
  type BatchAlreadyFinishedErrorParams,
} from "./errors/batch-already-finished-error.js";
export { BatchPrunedError } from "./errors/batch-pruned-error.js";
export {
  IllegalJobTransitionError,
  type IllegalJobTransitionErrorParams,
} from "./errors/illegal-job-transition-error.js";
export { InvalidRowError } from "./errors/invalid-row-error.js";
export { StaleAttemptError, type StaleAttemptErrorParams } from "./errors/stale-attempt-error.js";
export { UnknownColumnError } from "./errors/unknown-column-error.js";
export { UnknownBatchError } from "./errors/unknown-batch-error.js";
export { BatchJobRepository } from "./repositories/batch-job-repository.js";
export type { BatchReading, ListActiveBatchesOptions } from "./repositories/batch-reading.js";
export { forTenant, type ForTenantOptions, type TenantRepositories } from "./repositories/for-tenant.js";
export type { JobFilter } from "./repositories/job-filter.js";
export type { GetInterruptedJobsOptions, GetJobsByBatchIdOptions, JobReading } from "./repositories/job-reading.js";
export type { ListBatchesFilter } from "./repositories/list-batches-query.js";
export type { ListJobsFilter } from "./repositories/list-jobs-query.js";
export type { TenantDatabase } from "./repositories/tenant-database.js";
export type { JobWithBatch } from "./repositories/list-jobs-with-batches-query.js";
export { MarketplaceJobRepository } from "./repositories/marketplace-job-repository.js";
export { renderSyncReportHtml } from "./report/render-sync-report-html.js";
export { renderVerifyReportHtml } from "./report/render-verify-report-html.js";
export { type Drift, type ExtraObject } from "./verify/drift.js";
export { type StructureItem, type StructureKind, structureKinds } from "./verify/structure-item.js";
export { type RepairReport, repairReportSchema, type TenantRepair } from "./verify/repair-report.js";
export { type RepairOptions, repairTenantSchemas } from "./verify/repair-tenant-schemas.js";
export { TenantRepairError } from "./verify/tenant-repair-error.js";
export { type ColumnUse, columnUseSchema } from "./column-use/column-use.js";
export {
  type ColumnUseReport,
  columnUseReportSchema,
  type InspectedGroup,
  type InspectedTenant,
  type NotInspected,
} from "./inspect/column-use-report.js";
export { inspectColumnUse } from "./inspect/inspect-column-use.js";
export { type InspectColumnUseOptions, type StatementScope, statementScopes } from "./inspect/inspect-options.js";
export { verifyTenantSchemas } from "./verify/verify-tenant-schemas.js";
export { type VerifyOptions } from "./verify/verify-options.js";
export {
  type StructureGroup,
  type TenantVerification,
  type VerifyReport,
  verifyReportSchema,
} from "./verify/verify-report.js";
export {
  type ActionType,
  type ActionTypeKey,
  actionTypeKeySchema,
  actionTypeSchema,
  DEFAULT_ACTION_TYPE,
  type NewActionType,
  newActionTypeSchema,
} from "./entities/action-type.js";
export { type DailyJobStats, dailyJobStatsSchema, type JobStatsTable } from "./entities/job-stats.js";
export type { ActionTypeTable, SharedTables } from "./entities/shared-tables.js";
export { ActionTypeExistsError, type ActionTypeExistsErrorParams } from "./errors/action-type-exists-error.js";
export { UnknownActionTypeError, type UnknownActionTypeErrorParams } from "./errors/unknown-action-type-error.js";
export { UnsafeIntegerError } from "./errors/unsafe-integer-error.js";
export {
  ActionTypeRepository,
  actionTypes,
  type ActionTypesOptions,
  DEFAULT_ACTION_TYPE_MAX_AGE_MS,
  type RegisterActionTypeResult,
} from "./repositories/action-type-repository.js";
export { type GetDailyStatsParams, JobStatsRepository, MAX_STATS_DAYS } from "./repositories/job-stats-repository.js";
export { type FailJobOptions, type JobOutcome } from "./entities/job-outcome.js";
export type { BatchDiscrepancy, CreateBatchResult } from "./repositories/batch-job-repository.js";
export type { CancelBatchResult } from "./repositories/cancel-batch.js";
export type { CreatedJob } from "./repositories/create-jobs.js";
export type { JobRejection } from "./repositories/job-move-row.js";
export type { SweptJobs } from "./repositories/job-move-result.js";
export type { SettledJob } from "./repositories/move-job.js";
export type { ClaimJobsParams } from "./repositories/claim-jobs.js";
export type { ExtendLeasesResult, JobClaiming, LeaseOptions, LostJob } from "./repositories/job-claiming.js";
export type { JobSettling } from "./repositories/job-settling.js";
export type { SettledForm, SettledForms, SettledJobStatus } from "./repositories/settled-form.js";
export type { RejectedOutcome, SettleJobsOptions, SettleJobsResult } from "./repositories/settle-jobs.js";
export type {
  DeleteFinishedJobsParams,
  DeleteFinishedJobsResult,
  ExpireOverdueJobsOptions,
  RescueLostJobsOptions,
  RetryFailedJobsResult,
} from "./repositories/marketplace-job-repository.js";
export type { RepairBatchResult } from "./repositories/repair-batch.js";
export {
  DEFAULT_STATEMENT_CACHE_SIZE,
  type PreparedStatementsOptions,
  withPreparedStatements,
} from "./repositories/with-prepared-statements.js";
export {
  coalesceJobCalls,
  type CoalescedJobCalls,
  type CoalesceJobCallsOptions,
  DEFAULT_CALL_CONCURRENCY,
} from "./repositories/coalesce-job-calls.js";
