import { type Kysely, sql } from "kysely";
import { ledgerOf } from "./ledger.js";
import { countWithinLocks } from "./lock-table.js";

/** How many ledgers one query reads at most: a longer one is given a parallel plan, which is slower here. */
const LEDGERS_PER_QUERY = 100;

/** While it runs, a query holds a lock on each of its ledgers and on the key of each. */
const LOCKS_PER_LEDGER = 2;

/** The names a ledger records, or why it could not be read. */
export type LedgerReading = { readonly names: readonly string[] } | { readonly error: unknown };

interface ReadLedgersParams {
  readonly schemas: readonly string[];
  /** How many locks the server has room for. */
  readonly lockTableSize: number;
  /** How many queries run at the same time. */
  readonly concurrency: number;
}

/**
 * Reads the ledgers of many schemas in a number of queries that depends on their number divided by a hundred, or by as
 * many as a small lock table lets all queries that run at once hold locks on. One
 * that cannot be read does not keep the others from being read: its query is halved until it stands alone.
 */
export async function readLedgers(db: Kysely<any>, params: ReadLedgersParams): Promise<Map<string, LedgerReading>> {
  const readings = new Map<string, LedgerReading>();
  const chunks: (readonly string[])[] = [];
  const byLocks = countWithinLocks(params.lockTableSize, LOCKS_PER_LEDGER * params.concurrency);
  const ledgersPerQuery = Math.min(LEDGERS_PER_QUERY, byLocks);
  for (let start = 0; start < params.schemas.length; start += ledgersPerQuery) {
    chunks.push(params.schemas.slice(start, start + ledgersPerQuery));
  }
  const intern = internNames();
  const work = async (): Promise<void> => {
    for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
      try {
        for (const row of await readChunk(db, chunk)) {
          const schema = chunk[row.position];
          if (schema !== undefined) readings.set(schema, { names: intern(row.names) });
        }
      } catch (error) {
        const [only] = chunk;
        if (!isSmallerWorthTrying(error)) throw error;
        if (chunk.length === 1 && only !== undefined) readings.set(only, { error });
        else chunks.push(chunk.slice(0, chunk.length / 2), chunk.slice(chunk.length / 2));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(params.concurrency, chunks.length) }, work));
  return readings;
}

async function readChunk(
  db: Kysely<any>,
  schemas: readonly string[],
): Promise<{ readonly position: number; readonly names: string }[]> {
  // Raw text, because a Kysely expression of a hundred unions costs more to build than the server needs to answer it.
  const query = schemas
    .map(
      (schema, position) =>
        `select ${position} as position, coalesce(json_agg(name), '[]')::text as names from ${ledgerOf(schema)}`,
    )
    .join("\nunion all\n");
  return (await sql.raw<{ position: number; names: string }>(query).execute(db)).rows;
}

/** Nearly all tenants have the same record: one array for all that do keeps ten thousand of them small. */
function internNames(): (json: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (json) => {
    let names = known.get(json);
    if (names === undefined) {
      names = (JSON.parse(json) as string[]).toSorted();
      known.set(json, names);
    }
    return names;
  };
}

/** Undefined table, undefined column, no privilege, no such schema; or too many locks for a small lock table. */
function isSmallerWorthTrying(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === "42P01" || code === "42703" || code === "42501" || code === "3F000" || code === "53200";
}
