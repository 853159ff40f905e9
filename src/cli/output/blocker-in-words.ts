import type { Blocker } from "../../sync/sync-report.js";
import { printable } from "../../report/printable.js";
import { duration } from "../../report/quantity.js";

/** "process 4711 (host-api, idle in transaction, 12.3 s)" */
export function blockerInWords({ pid, applicationName, state, ageMs }: Blocker): string {
  return `process ${pid} (${printable(applicationName || "no application name")}, ${state}, ${duration(ageMs)})`;
}
