import { type Kysely, sql } from "kysely";
import { closingOf, transactionOf, openingOf, type StepParams } from "./migration-message.js";
import {
  type DriverAbility,
  adapting,
  inTransaction,
  sendAll,
  sendMessage,
  scriptAsOneStatement,
} from "../tenancy/run-statements.js";
import { scriptOf } from "./step-script.js";

/** Runs one migration of one schema in one transaction, its ledger row included; throws what the driver throws. */
export async function runStep(db: Kysely<any>, driver: DriverAbility, params: StepParams): Promise<void> {
  const script = scriptOf(params.step, params.schema);
  await adapting(driver, async () => {
    if (script !== undefined && driver.sendsSeveralStatements) await sendMessage(db, transactionOf(params, script));
    // Statement by statement: for migrations that are functions, and for drivers that send one statement at a time.
    else await inTransaction(db, async (trx) => await runStepIn(trx, driver, params));
  });
}

/** One step inside a transaction that somebody else opened and ends. */
export async function runStepIn(trx: Kysely<any>, driver: DriverAbility, params: StepParams): Promise<void> {
  const script = scriptOf(params.step, params.schema);
  await sendAll(trx, driver, openingOf(params));
  if (script === undefined) await runFunction(trx, params);
  else await sql.raw(driver.sendsSeveralStatements ? script : scriptAsOneStatement(script)).execute(trx);
  await sendAll(trx, driver, closingOf(params));
}

async function runFunction(trx: Kysely<any>, { schema, step: { migration, direction } }: StepParams): Promise<void> {
  const inSchema = trx.withSchema(schema);
  if (direction === "up") await migration.up(inSchema);
  else await migration.down?.(inSchema);
}
