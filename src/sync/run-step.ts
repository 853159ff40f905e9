import { type Kysely, sql } from "kysely";
import { closingOf, transactionOf, openingOf, scriptAsOneStatement, type StepParams } from "./migration-message.js";
import { readSqlError } from "./sql-error.js";
import type { MigrationStep } from "./migration-step.js";

/** What is learnt about a database's driver on the way; one for each database of a run. */
export interface DriverAbility {
  /** Whether one query may hold several statements; found out by trying. */
  sendsSeveralStatements: boolean;
}

/** Runs one migration of one schema in one transaction, its ledger row included; throws what the driver throws. */
export async function runStep(db: Kysely<any>, driver: DriverAbility, params: StepParams): Promise<void> {
  const script = scriptOf(params.step, params.schema);
  if (script === undefined || !driver.sendsSeveralStatements) return await runInTransaction(db, driver, params, script);
  try {
    await sendMessage(db, transactionOf(params, script));
  } catch (error) {
    if (!isOneStatementOnly(error)) throw error;
    driver.sendsSeveralStatements = false;
    await runInTransaction(db, driver, params, script);
  }
}

export function scriptOf({ migration, direction }: MigrationStep, schema: string): string | undefined {
  return direction === "up" ? migration.script?.up(schema) : migration.script?.down?.(schema);
}

/** The whole transaction in one round trip, on a connection that is handed back clean. */
async function sendMessage(db: Kysely<any>, message: string): Promise<void> {
  await db.connection().execute(async (connection) => {
    try {
      await sql.raw(message).execute(connection);
    } catch (error) {
      // A lost connection has no transaction left, and one that is kept to itself while its socket closes would raise
      // an error event that nobody listens to.
      if (!readSqlError(error).isConnectionLost) await sql.raw("rollback").execute(connection);
      throw error;
    }
  });
}

/** Statement by statement: for migrations that are functions, and for drivers that send one statement at a time. */
async function runInTransaction(
  db: Kysely<any>,
  driver: DriverAbility,
  params: StepParams,
  script: string | undefined,
): Promise<void> {
  await db
    .transaction()
    .setIsolationLevel("read committed")
    .setAccessMode("read write")
    .execute(async (trx) => {
      await sendAll(trx, driver, openingOf(params));
      if (script === undefined) await runFunction(trx, params);
      else await sql.raw(scriptAsOneStatement(script)).execute(trx);
      await sendAll(trx, driver, closingOf(params));
    });
}

async function runFunction(trx: Kysely<any>, { schema, step: { migration, direction } }: StepParams): Promise<void> {
  const inSchema = trx.withSchema(schema);
  if (direction === "up") await migration.up(inSchema);
  else await migration.down?.(inSchema);
}

async function sendAll(trx: Kysely<any>, driver: DriverAbility, statements: readonly string[]): Promise<void> {
  for (const message of driver.sendsSeveralStatements ? [statements.join("\n")] : statements) {
    await sql.raw(message).execute(trx);
  }
}

/** The extended protocol takes one statement a message: PostgreSQL says so before it runs any of them. */
function isOneStatementOnly(error: unknown): boolean {
  const { sqlState, message } = readSqlError(error);
  return sqlState === "42601" && /multiple commands into a prepared statement/.test(message);
}
