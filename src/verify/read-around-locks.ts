import { readSqlError } from "../tenancy/sql-error.js";

/**
 * How long a query over a thousand schemas waits for one whose tables somebody holds exclusively, before it goes on
 * without it. Printing a default or a check takes an ACCESS SHARE lock.
 */
export const CATALOG_LOCK_TIMEOUT_MS = 500;

/**
 * Reads all of these schemas but those that are locked: a query that had to wait too long is halved until the schema
 * it waits for stands alone, whose error is told to `onLocked`.
 */
export async function readAroundLocks<Row>(
  schemas: readonly string[],
  read: (schemas: readonly string[]) => Promise<readonly Row[]>,
  onLocked: (schema: string, error: unknown) => void,
): Promise<readonly Row[]> {
  if (schemas.length === 0) return [];
  try {
    return await read(schemas);
  } catch (error) {
    if (readSqlError(error).sqlState !== "55P03") throw error;
    const [only] = schemas;
    if (schemas.length === 1 && only !== undefined) {
      onLocked(only, error);
      return [];
    }
    const half = Math.ceil(schemas.length / 2);
    const first = await readAroundLocks(schemas.slice(0, half), read, onLocked);
    return [...first, ...(await readAroundLocks(schemas.slice(half), read, onLocked))];
  }
}

/** For whoever cannot go on without one of the schemas. */
export function raiseLocked(_: string, error: unknown): never {
  throw error;
}
