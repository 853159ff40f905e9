import { isBusy, type SchemaState } from "./schema-state.js";
import type { NamedDatabase } from "./sync-databases.js";
import type { Blocker, SyncOutcome, TenantSyncFailure, TenantSyncReport } from "./sync-report.js";
import type { SyncPhase } from "./sync-event.js";
import type { MigrationStep } from "./migration-step.js";

/** One schema on its way through a run. */
export interface TenantJob {
  readonly database: NamedDatabase;
  readonly schema: string;
  role: SyncPhase;
  state: SchemaState;
  /** The state may be older than the schema: it is looked at again before anything is done. */
  isStale: boolean;
  attempts: number;
  durationMs: number;
  readonly done: MigrationStep[];
  /** The connection was lost while these ran; the ledger will tell which of them were committed. */
  inDoubt: readonly MigrationStep[];
  /** A message that held several of its migrations ended in a way that did not tell where: each is sent alone. */
  goesSingly: boolean;
  readonly warnings: Set<string>;
  /** Warnings of migrations that were taken note of, so that they go on. */
  readonly acknowledged: Set<string>;
  blockedBy: readonly Blocker[];
}

export function createTenantJob(database: NamedDatabase, role: SyncPhase, state: SchemaState): TenantJob {
  return {
    database,
    schema: state.schema,
    role,
    state,
    isStale: isBusy(state),
    attempts: 0,
    durationMs: 0,
    done: [],
    inDoubt: [],
    goesSingly: false,
    warnings: new Set(),
    acknowledged: new Set(),
    blockedBy: [],
  };
}

/** The ledger after a step, without reading it again. */
export function stateAfter(state: SchemaState, { name, direction }: MigrationStep): SchemaState {
  const others = state.recorded.filter((recorded) => recorded !== name);
  return { ...state, hasLedger: true, recorded: direction === "up" ? [...others, name].toSorted() : others };
}

/** What a job has come to when nothing is left to do. */
export function doneOutcome({ done }: TenantJob): SyncOutcome {
  if (done.length === 0) return "up-to-date";
  return done.every(({ direction }) => direction === "down") ? "rolled-back" : "migrated";
}

export function reportOf(job: TenantJob, outcome: SyncOutcome, error?: TenantSyncFailure): TenantSyncReport {
  return {
    database: job.database.name,
    schema: job.schema,
    role: job.role,
    outcome,
    applied: job.done.map(({ name }) => name),
    attempts: job.attempts,
    durationMs: Math.round(job.durationMs * 1000) / 1000,
    warnings: [...job.warnings],
    ...(error === undefined ? {} : { error }),
    ...(job.blockedBy.length === 0 ? {} : { blockedBy: [...job.blockedBy] }),
  };
}
