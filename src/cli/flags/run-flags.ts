import { Option } from "commander";
import { DEFAULT_CONCURRENCY, DEFAULT_LOCK_TIMEOUT_MS, DEFAULT_MAX_ATTEMPTS } from "../../sync/sync-defaults.js";
import type { SyncOptions } from "../../sync/sync-options.js";
import type { FlagGroup } from "./flag-group.js";
import { canaries, durationMs, positiveInteger } from "./flag-values.js";

export interface RunFlags {
  readonly concurrency?: number | undefined;
  readonly lockTimeout?: number | undefined;
  readonly statementTimeout?: number | undefined;
  readonly maxAttempts?: number | undefined;
  readonly canary?: number | readonly string[] | undefined;
  readonly maxFailures?: number | undefined;
  readonly onFailure?: "continue" | "stop" | undefined;
  readonly dryRun?: boolean | undefined;
}

/** For commands that change many tenants. */
export const runFlags: FlagGroup = {
  heading: "The run:",
  options: () => [
    new Option("--dry-run", "say what would be done; nothing is written"),
    new Option(
      "--concurrency <number>",
      `tenants worked on at the same time, at most (default: ${DEFAULT_CONCURRENCY})`,
    ).argParser(positiveInteger),
    new Option(
      "--lock-timeout <duration>",
      `how long a statement waits for a lock before its tenant is put back (default: ${DEFAULT_LOCK_TIMEOUT_MS}ms)`,
    ).argParser(durationMs),
    new Option(
      "--statement-timeout <duration>",
      "how long a statement may run (default: the role's own setting)",
    ).argParser(durationMs),
    new Option(
      "--max-attempts <number>",
      `how often a tenant is tried when it is busy or the connection is lost (default: ${DEFAULT_MAX_ATTEMPTS})`,
    ).argParser(positiveInteger),
    new Option("--max-failures <number>", "stop when this many tenants have failed").argParser(positiveInteger),
    new Option("--on-failure <what>", "whether the others go on after a tenant has failed (default: continue)").choices(
      ["continue", "stop"],
    ),
  ],
};

/** For those of them that can try a change out on a few. */
export const canaryFlag: FlagGroup = {
  heading: "The run:",
  options: () => [
    new Option(
      "--canary <number|schema>",
      "tenants that go first, and alone: how many, or which (repeatable)",
    ).argParser(canaries),
  ],
};

/** The flags as `syncTenantSchemas` takes them. */
export function runOptions(flags: RunFlags): SyncOptions {
  return {
    concurrency: flags.concurrency,
    lockTimeoutMs: flags.lockTimeout,
    statementTimeoutMs: flags.statementTimeout,
    maxAttempts: flags.maxAttempts,
    canary: flags.canary,
    maxFailures: flags.maxFailures,
    onFailure: flags.onFailure,
    dryRun: flags.dryRun,
  };
}
