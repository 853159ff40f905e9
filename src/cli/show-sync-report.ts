import type { SyncReport } from "../sync/sync-report.js";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import type { OutputFlags } from "./flags/output-flags.js";
import { paletteFor } from "./output/palette.js";
import { printJson, printText } from "./output/print-result.js";
import { renderSyncReport } from "./output/render-sync-report.js";

/** Prints the report of a run, and gives the exit code that it deserves. */
export function showSyncReport(report: SyncReport, flags: OutputFlags): ExitCode {
  if (flags.json === true) {
    printJson(report);
  } else {
    const palette = paletteFor(process.stdout, flags.color !== false);
    printText(renderSyncReport(report, { palette, isVerbose: flags.verbose === true }));
  }
  if (report.status === "aborted") return exitCodes.interrupted;
  return report.status === "ok" ? exitCodes.done : exitCodes.failed;
}
