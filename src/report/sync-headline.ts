import type { SyncReport } from "../sync/sync-report.js";
import { counted, grouped } from "./quantity.js";

/** What the run came to, in one sentence. */
export function syncHeadline({ status, dryRun, summary, tenants }: SyncReport): string {
  const total = tenants.length;
  const of = `of ${counted(total, "schema")}`;
  const changed = [
    ...(summary.migrated > 0 ? [`${grouped(summary.migrated)} ${dryRun ? "would be migrated" : "migrated"}`] : []),
    ...(summary["rolled-back"] > 0
      ? [`${grouped(summary["rolled-back"])} ${dryRun ? "would be rolled back" : "rolled back"}`]
      : []),
  ].join(", ");
  if (status === "aborted") return `stopped before its end: ${grouped(summary.skipped)} ${of} skipped`;
  if (summary.failed > 0) return `${grouped(summary.failed)} ${of} failed${changed === "" ? "" : `, ${changed}`}`;
  if (status !== "ok") return "not everything that was asked for could be done";
  if (total === 0) return "no schema was concerned";
  return changed === "" ? `nothing was to be done in ${counted(total, "schema")}` : `${changed} ${of}`;
}
