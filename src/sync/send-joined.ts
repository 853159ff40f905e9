import { type Kysely, sql } from "kysely";
import { isOneStatementOnly } from "../tenancy/run-statements.js";
import { readSqlError } from "../tenancy/sql-error.js";
import { MIGRATION_SETTING, SAVEPOINT } from "./joined-message.js";

/** What became of a joined message. */
export type JoinedOutcome =
  | { readonly kind: "done" }
  /** The driver takes one statement a message; nothing was run. */
  | { readonly kind: "too many statements" }
  /** All before that migration stand; which it is cannot be told when its transaction was over before it was asked. */
  | { readonly kind: "failed"; readonly error: unknown; readonly migration: string | undefined };

/** Sends a joined message over a connection that is handed back clean; never throws. */
export async function sendJoined(db: Kysely<any>, message: string): Promise<JoinedOutcome> {
  try {
    return await db.connection().execute(async (connection): Promise<JoinedOutcome> => {
      try {
        await sql.raw(message).execute(connection);
        return { kind: "done" };
      } catch (error) {
        // There is nobody left to ask.
        if (readSqlError(error).isSessionEnded) throw error;
        if (isOneStatementOnly(error)) return { kind: "too many statements" };
        return { kind: "failed", error, migration: await askWhich(connection) };
      }
    });
  } catch (error) {
    return { kind: "failed", error, migration: undefined };
  }
}

/** Asks the transaction that failed which migration it is, and ends it. */
async function askWhich(connection: Kysely<any>): Promise<string | undefined> {
  const migration = await askAtSavepoint(connection);
  await sql.raw("rollback").execute(connection);
  return migration;
}

async function askAtSavepoint(connection: Kysely<any>): Promise<string | undefined> {
  try {
    await sql.raw(`rollback to savepoint ${SAVEPOINT}`).execute(connection);
    const asked = sql.raw<{ migration: string }>(`select current_setting('${MIGRATION_SETTING}') as migration`);
    return (await asked.execute(connection)).rows[0]?.migration;
  } catch (error) {
    if (readSqlError(error).isSessionEnded) throw error;
    // It failed at its very beginning, or at its commit: there is no transaction any more.
    return undefined;
  }
}
