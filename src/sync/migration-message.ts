import { doBlock, quoteLiteral } from "../../migrations/quoting.js";
import { createLedger, forgetMigration, ledgerOf, recordMigration } from "../tenancy/ledger.js";
import { lockTenant } from "../tenancy/tenant-lock.js";
import type { MigrationStep } from "./migration-step.js";
import { isOurs } from "./our-migrations.js";
import { BEGIN } from "../tenancy/run-statements.js";

/** Raised under the tenant's lock when another run has done the step meanwhile. */
export const ALREADY_DONE = "MJ001";
/** Raised under the tenant's lock when the ledger is not what the step was planned on. */
export const LEDGER_MOVED = "MJ002";
/** Raised by a migration that wants something known before it goes on; it is sent again with the key acknowledged. */
export const WANTS_ACKNOWLEDGEMENT = "MJ003";

/** Where the transaction that a migration begins in is noted; gone with the transaction. */
const TRANSACTION_SETTING = "marketplace_jobs.transaction_id";

export interface StepParams {
  readonly schema: string;
  readonly step: MigrationStep;
  /** What the ledger must record when the step begins. */
  readonly recorded: readonly string[];
  readonly hasLedger: boolean;
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs?: number | undefined;
  /** The schema that all tenants read, which a migration may read too; left out or `false`, it takes `public`. */
  readonly sharedSchema?: string | false | undefined;
  /**
   * Keys of warnings that were taken note of. Left out, nobody reads warnings, and the migration does not raise them.
   */
  readonly acknowledged?: readonly string[] | undefined;
}

/**
 * What stands before a migration in its transaction: time limits, the tenant's lock, and, since Kysely returns no rows
 * from a message of several statements, a look at the ledger that raises when the plan does not hold any more.
 */
export function openingOf(params: StepParams): readonly string[] {
  const { schema, statementTimeoutMs, sharedSchema = false, acknowledged } = params;
  return [
    `set local lock_timeout = ${params.lockTimeoutMs};`,
    ...(statementTimeoutMs === undefined ? [] : [`set local statement_timeout = ${statementTimeoutMs};`]),
    ...(sharedSchema === false ? [] : [`set local marketplace_jobs.shared_schema = ${quoteLiteral(sharedSchema)};`]),
    ...(acknowledged === undefined
      ? []
      : [`set local marketplace_jobs.acknowledged = ${quoteLiteral(["report", ...acknowledged].join(","))};`]),
    lockTenant(schema),
    ...(params.hasLedger ? [] : [createLedger(schema)]),
    doBlock(guard(params)),
  ];
}

/**
 * What stands after it: the transaction must still be the one that was opened, which ours need not be asked, and the
 * ledger is told.
 */
export function closingOf({ schema, step }: StepParams): readonly string[] {
  return [
    ...(isOurs(step) ? [] : [doBlock(sameTransaction(step.name))]),
    step.direction === "up" ? recordMigration(schema, step.name) : forgetMigration(schema, step.name),
  ];
}

/** One query where all is well: each further one would be planned for each tenant and migration. */
function guard({ schema, step, recorded }: StepParams): string {
  const ledger = ledgerOf(schema);
  const isDone = `${step.direction === "up" ? "" : "not "}exists (select from ${ledger} where name = ${quoteLiteral(step.name)})`;
  return `begin
  if (select coalesce(string_agg(name, ',' order by name collate "C"), '') from ${ledger}) <> ${quoteLiteral(recorded.join(","))} then
    if ${isDone} then
      raise sqlstate '${ALREADY_DONE}' using message = 'the migration was done by another run';
    end if;
    raise sqlstate '${LEDGER_MOVED}' using message = 'the ledger was changed by another run';
  end if;${isOurs(step) ? "" : `\n  perform set_config('${TRANSACTION_SETTING}', pg_current_xact_id()::text, true);`}
end`;
}

/** A setting that is local to a transaction is empty in the next one. */
function sameTransaction(migration: string): string {
  const message = `"${migration}" committed or rolled back inside itself`;
  return `begin
  if current_setting('${TRANSACTION_SETTING}', true) is distinct from pg_current_xact_id()::text then
    raise sqlstate 'MJ007' using
      message = ${quoteLiteral(message)},
      hint = 'Take transaction control out of the migration: each one runs in a transaction of its own. What it committed stands, and the ledger does not record it.';
  end if;
end`;
}

/** The whole message: one transaction that opens and ends inside it. */
export function transactionOf(params: StepParams, script: string): string {
  // The script ends with a line of its own, so that a comment in its last line does not swallow what follows.
  return [BEGIN, ...openingOf(params), `${script}\n;`, ...closingOf(params), "commit;"].join("\n");
}
