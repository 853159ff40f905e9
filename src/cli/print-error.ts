import type { ErrorCode } from "../errors/error-code.js";
import { MarketplaceJobsError } from "../errors/marketplace-jobs-error.js";
import { readSqlError } from "../tenancy/sql-error.js";
import { CommandFailure } from "./command-failure.js";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import { inFlagTerms } from "./output/in-flag-terms.js";
import { printableLines } from "../report/printable.js";
import type { Talk } from "./output/talk.js";

/** Errors that the same command line will always give: what was typed is wrong. */
const USAGE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "INVALID_INPUT",
  "INVALID_MIGRATIONS",
  "INVALID_OPTIONS",
  "INVALID_TENANT_SCHEMA",
  "UNKNOWN_COLUMN",
  "UNKNOWN_MIGRATION",
  "UNKNOWN_TENANT_SCHEMA",
]);

/** Says what went wrong: message, code, SQLSTATE, hint, tenant, migration; never a stack. */
export function printError(error: unknown, talk: Talk): ExitCode {
  const [first, ...more] = linesOf(error);
  talk.insist(`${talk.palette.bad("error:")} ${first ?? ""}`);
  for (const line of more) talk.insist(`  ${line}`);
  if (error instanceof CommandFailure) return error.exitCode;
  return error instanceof MarketplaceJobsError && USAGE_CODES.has(error.code) ? exitCodes.usage : exitCodes.failed;
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof CommandFailure) return printableLines(error.message);
  if (error instanceof MarketplaceJobsError) {
    return [
      ...printableLines(`${error.message} (${error.code})`),
      ...labelled("tenant", error.tenant),
      ...labelled("migration", error.migration),
      ...labelled("hint", error.hint === undefined ? undefined : inFlagTerms(error.hint)),
    ];
  }
  const { message, sqlState, hint } = readSqlError(error);
  return [
    ...printableLines(sqlState === undefined ? message : `${message} (SQLSTATE ${sqlState})`),
    ...labelled("hint", hint),
  ];
}

function labelled(label: string, text: string | undefined): readonly string[] {
  return text === undefined ? [] : printableLines(`${label}: ${text}`);
}
