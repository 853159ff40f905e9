import type { Blocker, SyncReport, TenantSyncFailure, TenantSyncReport } from "./sync-report.js";
import type { MigrationDirection } from "./migration-step.js";

/** The part of a run that a schema belongs to, in the order in which they come. */
export type SyncPhase = TenantSyncReport["role"];

/** The schema that an event is about. */
export interface SyncEventSubject {
  readonly database: string;
  readonly schema: string;
}

/** Everything `onEvent` hears; `docs/events.md` has it as a table. */
export type SyncEvent =
  | { readonly type: "run-started"; readonly databases: readonly string[]; readonly dryRun: boolean }
  | {
      readonly type: "database-surveyed";
      readonly database: string;
      readonly tenants: number;
      readonly pending: number;
      readonly ahead: number;
      readonly durationMs: number;
    }
  | {
      readonly type: "workers-chosen";
      readonly database: string;
      readonly workers: number;
      readonly requested: number;
      /** Why there are fewer than asked for, or that there are not. */
      readonly reason: string;
    }
  | { readonly type: "phase-started"; readonly phase: SyncPhase; readonly schemas: number }
  | (SyncEventSubject & {
      readonly type: "tenant-started";
      readonly attempt: number;
      readonly pending: readonly string[];
    })
  | (SyncEventSubject & {
      readonly type: "migration-done";
      readonly migration: string;
      readonly direction: MigrationDirection;
      readonly durationMs: number;
    })
  | (SyncEventSubject & {
      readonly type: "tenant-postponed";
      readonly attempt: number;
      readonly delayMs: number;
      readonly error: TenantSyncFailure;
      readonly blockedBy: readonly Blocker[];
    })
  | (SyncEventSubject & { readonly type: "tenant-finished"; readonly report: TenantSyncReport })
  | { readonly type: "server-unreachable"; readonly database: string; readonly message: string }
  | { readonly type: "server-reachable"; readonly database: string; readonly durationMs: number }
  | { readonly type: "tenants-found"; readonly database: string; readonly schemas: readonly string[] }
  | (SyncEventSubject & {
      readonly type: "rehearsed";
      readonly migrations: readonly string[];
      readonly durationMs: number;
      readonly locks: number;
      readonly locksOutside: readonly { readonly relation: string; readonly mode: string }[];
    })
  | { readonly type: "run-stopping"; readonly reason: string }
  | { readonly type: "warning"; readonly database: string; readonly message: string }
  | { readonly type: "run-finished"; readonly report: SyncReport };
