import type { SyncReport, TenantSyncFailure } from "../../sync/sync-report.js";

/** Options of the library by the flags that set them: what a hint names must be something that can be typed. */
const FLAGS: Readonly<Record<string, string>> = {
  lockTimeoutMs: "--lock-timeout",
  statementTimeoutMs: "--statement-timeout",
  maxAttempts: "--max-attempts",
  maxFailures: "--max-failures",
  onFailure: "--on-failure",
  sharedSchema: "--shared-schema",
};

/** An option with its value, as the library's sentences put it: `statements: "running"`. */
const WITH_VALUE = /\b(statements): "(\w+)"/g;

/** What the library's sentences say of its functions, by what is typed instead. */
const PHRASES: readonly (readonly [string, string])[] = [
  ["pass it to syncTenantSchemas: { tenants: [name] }", "name it to sync: --tenant <schema>"],
  ["`tenants`", "--tenant or --tenants-matching"],
];

/** A sentence of the library, with its options called by their flags. */
export function inFlagTerms(text: string): string {
  const sentence = PHRASES.reduce((said, [phrase, typed]) => said.replaceAll(phrase, typed), text);
  return sentence.replace(/\b[a-z]+[A-Z]\w*\b/g, (word) => FLAGS[word] ?? word).replace(WITH_VALUE, "--$1 $2");
}

/** The report with its sentences put {@link inFlagTerms}; names and messages stay what they are. */
export function reportInFlagTerms(report: SyncReport): SyncReport {
  const tenants = report.tenants.map(({ error, warnings, ...tenant }) => ({
    ...tenant,
    warnings: warnings.map(inFlagTerms),
    ...(error === undefined ? {} : { error: withHintInFlagTerms(error) }),
  }));
  return { ...report, tenants };
}

function withHintInFlagTerms(error: TenantSyncFailure): TenantSyncFailure {
  return error.hint === undefined ? error : { ...error, hint: inFlagTerms(error.hint) };
}
