import { syncTenantSchemas } from "../sync/sync-tenant-schemas.js";
import type { SyncEvent } from "../sync/sync-event.js";
import type { SyncOptions } from "../sync/sync-options.js";
import type { SyncReport } from "../sync/sync-report.js";
import { progressDisplay } from "./progress/progress-display.js";
import { RepeatedFailures } from "./progress/repeated-failures.js";
import { sayEvent } from "./progress/say-event.js";
import { SyncProgress } from "./progress/sync-progress.js";
import type { Session } from "./session.js";

/** Runs a sync that shows how far it is; its report comes back however it ended. */
export async function runSync(
  { connections, interruption, talk }: Session,
  options: Omit<SyncOptions, "onEvent" | "signal" | "throwOnFailure">,
): Promise<SyncReport> {
  const progress = new SyncProgress();
  const display = progressDisplay(progress, talk);
  const failures = new RepeatedFailures(talk);
  const onEvent = (event: SyncEvent): void => {
    progress.hear(event);
    sayEvent(event, { talk, failures });
    display.changed();
  };
  try {
    return await syncTenantSchemas(connections.databases, {
      ...options,
      onEvent,
      signal: interruption.signal,
      throwOnFailure: false,
    });
  } finally {
    display.stop();
    failures.sum();
  }
}
