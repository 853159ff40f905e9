import { MarketplaceJobsError } from "../errors/marketplace-jobs-error.js";
import { readSqlError } from "../tenancy/sql-error.js";
import { CONNECTION_LOST_HINT, failureOf } from "./failure.js";
import type { NamedDatabase } from "./sync-databases.js";

/** Invalid authorization (a wrong password, say, or no such role), and no such database. */
const REFUSED_SQL_STATE = /^(28...|3D000)$/;

/** Says which of the databases it is whose server does not answer, or does not let us in. */
export async function namingUnreachable<T>(database: NamedDatabase, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unreachable(database, error) ?? error;
  }
}

/** The error for a database that cannot be worked with at all; `undefined` for any other trouble. */
export function unreachable(database: NamedDatabase, error: unknown): MarketplaceJobsError | undefined {
  if (error instanceof MarketplaceJobsError) return undefined;
  const { sqlState, message, isConnectionLost } = readSqlError(error);
  if (isConnectionLost) return connectionLost(database, failureOf(error).message, error);
  if (!REFUSED_SQL_STATE.test(sqlState ?? "")) return undefined;
  return new MarketplaceJobsError({
    code: "CONNECTION_REFUSED",
    message: `The server of database "${database.name}" does not let this connection in: ${message}`,
    hint: "Correct the user, the password or the database's name in the connection, or create what is missing.",
    details: { database: database.name, sqlState },
    cause: error,
  });
}

export function connectionLost(database: NamedDatabase, message: string, cause?: unknown): MarketplaceJobsError {
  return new MarketplaceJobsError({
    code: "CONNECTION_LOST",
    message: `The server of database "${database.name}" does not answer: ${message}`,
    hint: CONNECTION_LOST_HINT,
    isRetryable: true,
    cause,
  });
}
