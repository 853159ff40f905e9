import { SINGLE_DATABASE_NAME } from "../../sync/sync-databases.js";
import type { SyncEvent } from "../../sync/sync-event.js";
import type { Blocker, TenantSyncFailure } from "../../sync/sync-report.js";
import { blockerInWords } from "../output/blocker-in-words.js";
import { inFlagTerms } from "../output/in-flag-terms.js";
import { listNames } from "../output/name-list.js";
import { printable } from "../../report/printable.js";
import { counted, duration, grouped } from "../../report/quantity.js";
import type { Talk } from "../output/talk.js";
import type { RepeatedFailures } from "./repeated-failures.js";

interface SayEventContext {
  readonly talk: Talk;
  readonly failures: RepeatedFailures;
}

/** Says what happens while it happens: what matters to everyone, and with `--verbose` every step. */
export function sayEvent(event: SyncEvent, { talk, failures }: SayEventContext): void {
  switch (event.type) {
    case "database-surveyed":
      talk.say(
        `${inDatabase(event.database)}${counted(event.tenants, "tenant")}, ${grouped(event.pending)} of them to be changed` +
          `${event.ahead === 0 ? "" : `, ${grouped(event.ahead)} ahead`} (looked at in ${duration(event.durationMs)})`,
      );
      return;
    case "workers-chosen": {
      const line = `${inDatabase(event.database)}${grouped(event.workers)} at the same time: ${inFlagTerms(event.reason)}`;
      if (event.workers < event.requested) talk.say(line);
      else talk.detail(line);
      return;
    }
    case "phase-started":
      // Canaries are counted with those who would take their place.
      talk.detail(event.phase === "canary" ? "canary" : `${event.phase}: ${counted(event.schemas, "schema")}`);
      return;
    case "tenant-started":
      talk.detail(`${nameOf(event)}: attempt ${event.attempt}, ${event.pending.join(", ")}`);
      return;
    case "migration-done":
      talk.detail(`${nameOf(event)}: ${event.migration} ${event.direction} in ${duration(event.durationMs)}`);
      return;
    case "tenant-postponed":
      talk.detail(
        `${nameOf(event)} is tried again in ${duration(event.delayMs)}: ${failureInWords(event.error)}${blockersInWords(event.blockedBy)}`,
      );
      return;
    case "tenant-finished":
      if (event.report.outcome === "failed") {
        const error = event.report.error === undefined ? "" : `: ${failureInWords(event.report.error)}`;
        failures.say(`${nameOf(event)}${error}`, event.report);
      } else {
        talk.detail(`${nameOf(event)}: ${event.report.outcome} in ${duration(event.report.durationMs)}`);
      }
      return;
    case "server-unreachable":
      talk.insist(
        `${inDatabase(event.database)}the server does not answer, waiting for it: ${printable(event.message)}`,
      );
      return;
    case "server-reachable":
      talk.insist(`${inDatabase(event.database)}the server answers again after ${duration(event.durationMs)}`);
      return;
    case "tenants-found":
      talk.say(`${inDatabase(event.database)}new meanwhile: ${listNames(event.schemas)}`);
      return;
    case "rehearsed":
      sayRehearsal(event, talk);
      return;
    case "run-stopping":
      talk.insist(talk.palette.warning(`Stopping: ${printable(inFlagTerms(event.reason))}`));
      return;
    case "warning":
      talk.insist(talk.palette.warning(`${inDatabase(event.database)}${printable(event.message)}`));
      return;
    case "run-started":
    case "run-finished":
  }
}

function sayRehearsal(event: Extract<SyncEvent, { type: "rehearsed" }>, talk: Talk): void {
  const what = `${nameOf(event)}: rehearsed ${event.migrations.join(", ")} in ${duration(event.durationMs)}`;
  if (event.locksOutside.length === 0) {
    talk.detail(`${what}, ${counted(event.locks, "lock")}, all of them in its own schema`);
    return;
  }
  const locks = event.locksOutside.map(({ relation, mode }) => `${printable(relation)} (${mode})`).join(", ");
  talk.insist(talk.palette.warning(`${what}: it locks ${locks} outside its schema, so tenants go one at a time`));
}

function failureInWords({ code, sqlState, message, migration }: TenantSyncFailure): string {
  const at = migration === undefined ? "" : `${migration}: `;
  return `${at}${printable(message)} (${sqlState === undefined ? code : `${code}, SQLSTATE ${sqlState}`})`;
}

function blockersInWords(blockedBy: readonly Blocker[]): string {
  if (blockedBy.length === 0) return "";
  return `; blocked by ${blockedBy.map(blockerInWords).join(", ")}`;
}

function nameOf({ database, schema }: { readonly database: string; readonly schema: string }): string {
  return `${inDatabase(database)}${printable(schema)}`;
}

/** Only a run over several databases says in which. */
function inDatabase(database: string): string {
  return database === SINGLE_DATABASE_NAME ? "" : `${printable(database)}: `;
}
