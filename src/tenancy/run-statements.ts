import { doBlock, quoteLiteral } from "../../migrations/quoting.js";
import { type Kysely, sql } from "kysely";
import { readSqlError } from "./sql-error.js";

/** What is learnt about a database's driver on the way; one for each database of a run. */
export interface DriverAbility {
  /** Whether one query may hold several statements; found out by trying. */
  sendsSeveralStatements: boolean;
}

/**
 * Read committed, because under a stricter default the ledger would be read as it was before the lock was waited for.
 * Said in so many words rather than left to the implicit transaction of a message, which a `begin` inside a script
 * would turn into one that nobody ends.
 */
export const BEGIN = "begin isolation level read committed read write;";

/** Does work that is a transaction of its own, and again one statement at a time when the driver proves to need that. */
export async function adapting<T>(driver: DriverAbility, work: () => Promise<T>): Promise<T> {
  const { sendsSeveralStatements } = driver;
  try {
    return await work();
  } catch (error) {
    if (!sendsSeveralStatements || !isOneStatementOnly(error)) throw error;
    driver.sendsSeveralStatements = false;
    return await work();
  }
}

/** For drivers that send one statement at a time: PL/pgSQL runs all statements of a text. */
export function scriptAsOneStatement(script: string): string {
  return doBlock(`begin execute ${quoteLiteral(script)}; end`);
}

/** A transaction in which statements are sent one after the other. */
export async function inTransaction(db: Kysely<any>, work: (trx: Kysely<any>) => Promise<void>): Promise<void> {
  await db.transaction().setIsolationLevel("read committed").setAccessMode("read write").execute(work);
}

/** The whole transaction in one round trip, on a connection that is handed back clean. */
export async function sendMessage(db: Kysely<any>, message: string): Promise<void> {
  await db.connection().execute(async (connection) => {
    try {
      await sql.raw(message).execute(connection);
    } catch (error) {
      // A session that has ended has no transaction left, and a connection that is kept to itself while its socket
      // closes would raise an error event that nobody listens to.
      if (!readSqlError(error).isSessionEnded) await sql.raw("rollback").execute(connection);
      throw error;
    }
  });
}

export async function sendAll(trx: Kysely<any>, driver: DriverAbility, statements: readonly string[]): Promise<void> {
  for (const message of driver.sendsSeveralStatements ? [statements.join("\n")] : statements) {
    await sql.raw(message).execute(trx);
  }
}

/** The extended protocol takes one statement a message: PostgreSQL says so before it runs any of them. */
export function isOneStatementOnly(error: unknown): boolean {
  const { sqlState, message } = readSqlError(error);
  return sqlState === "42601" && /multiple commands into a prepared statement/.test(message);
}
