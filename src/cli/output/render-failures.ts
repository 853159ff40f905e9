import { SINGLE_DATABASE_NAME } from "../../sync/sync-databases.js";
import type { Blocker, TenantSyncFailure } from "../../sync/sync-report.js";
import { alikeMessage, messageOfGroup } from "./alike-message.js";
import { blockerInWords } from "./blocker-in-words.js";
import { inFlagTerms } from "./in-flag-terms.js";
import { listNames } from "./name-list.js";
import type { Palette } from "./palette.js";
import { printable } from "../../report/printable.js";
import { counted } from "../../report/quantity.js";

/** What the reports of a sync and of a repair say of a schema alike. */
interface ReportedSchema {
  readonly database: string;
  readonly schema: string;
  readonly outcome: string;
  readonly error?: TenantSyncFailure | undefined;
  readonly blockedBy?: readonly Blocker[] | undefined;
}

/** How many different failures are told; `--json` and `--verbose` have all of them. */
const FAILURES_SHOWN = 20;

interface RenderFailuresOptions {
  readonly palette: Palette;
  readonly isVerbose: boolean;
}

/** What failed where, why, and what to do about it; tenants that failed in the same way stand together. */
export function renderFailures(
  tenants: readonly ReportedSchema[],
  { palette, isVerbose }: RenderFailuresOptions,
): readonly string[] {
  const failed = tenants.filter(({ outcome }) => outcome === "failed");
  const groups = [
    ...Map.groupBy(failed, ({ database, schema, error }) => {
      const message = alikeMessage({ schema, message: error?.message ?? "" });
      return JSON.stringify([database, error?.migration, error?.code, error?.sqlState, message]);
    }).values(),
  ];
  const shown = isVerbose ? groups : groups.slice(0, FAILURES_SHOWN);
  const hidden = groups.slice(shown.length).flat().length;
  return [
    ...shown.flatMap((group) => ["", ...renderGroup(group, palette)]),
    ...(hidden === 0 ? [] : ["", `… and ${counted(hidden, "failure")} more: --verbose or --json lists all of them`]),
  ];
}

function renderGroup(group: readonly ReportedSchema[], palette: Palette): readonly string[] {
  const [first] = group;
  if (first?.error === undefined) return [];
  const { code, sqlState, hint, migration } = first.error;
  const message = messageOfGroup(group.map(({ schema, error }) => ({ schema, message: error?.message ?? "" })));
  const where = [
    ...(first.database === SINGLE_DATABASE_NAME ? [] : [printable(first.database)]),
    palette.strong(listNames(group.map(({ schema }) => schema))),
    ...(migration === undefined ? [] : [migration]),
    sqlState === undefined ? code : `${code} (SQLSTATE ${sqlState})`,
  ];
  const blockers = group.flatMap(({ blockedBy }) => blockedBy ?? []);
  return [
    `${palette.bad("failed")} ${where.join(" · ")}`,
    `  ${printable(message)}`,
    ...(hint === undefined ? [] : [`  hint: ${printable(inFlagTerms(hint))}`]),
    ...blockers.slice(0, FAILURES_SHOWN).map((blocker) => `  blocked by ${blockerInWords(blocker)}`),
  ];
}
