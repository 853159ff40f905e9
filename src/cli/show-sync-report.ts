import { renderSyncReportHtml } from "../report/render-sync-report-html.js";
import type { SyncReport } from "../sync/sync-report.js";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import type { OutputFlags } from "./flags/output-flags.js";
import { reportInFlagTerms } from "./output/in-flag-terms.js";
import { paletteFor } from "./output/palette.js";
import { printJson, printText } from "./output/print-result.js";
import { renderSyncReport } from "./output/render-sync-report.js";
import type { ReportPage } from "./output/report-page.js";
import type { Talk } from "./output/talk.js";

interface ShowSyncReportParams {
  readonly flags: OutputFlags;
  readonly page: ReportPage | undefined;
  readonly talk: Talk;
}

/** Prints the report of a run and writes its page, and gives the exit code that it deserves. */
export async function showSyncReport(
  report: SyncReport,
  { flags, page, talk }: ShowSyncReportParams,
): Promise<ExitCode> {
  if (flags.json === true) {
    printJson(report);
  } else {
    const palette = paletteFor(process.stdout, flags.color !== false);
    printText(renderSyncReport(report, { palette, isVerbose: flags.verbose === true }));
  }
  const exitCode = exitCodeOf(report);
  return (await page?.write(renderSyncReportHtml(reportInFlagTerms(report)), { talk, exitCode })) ?? exitCode;
}

function exitCodeOf({ status }: SyncReport): ExitCode {
  if (status === "aborted") return exitCodes.interrupted;
  return status === "ok" ? exitCodes.done : exitCodes.failed;
}
