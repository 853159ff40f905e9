import type { SyncOutcome, SyncReport } from "../sync/sync-report.js";
import type { Tone } from "./tone.js";

export const OUTCOME_TONES: Readonly<Record<SyncOutcome, Tone>> = {
  migrated: "good",
  "rolled-back": "back",
  "up-to-date": "same",
  failed: "bad",
  skipped: "hollow",
  ahead: "ahead",
  gone: "gone",
};

/** An outcome as a reader of the page is told it: a dry run has done nothing yet. */
export function outcomeWords(outcome: SyncOutcome, { dryRun }: Pick<SyncReport, "dryRun">): string {
  if (outcome === "rolled-back") return dryRun ? "would be rolled back" : "rolled back";
  if (outcome === "up-to-date") return "up to date";
  return outcome === "migrated" && dryRun ? "would be migrated" : outcome;
}
