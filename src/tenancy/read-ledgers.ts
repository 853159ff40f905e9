import { type Kysely, sql } from "kysely";
import { ledgerOf } from "./ledger.js";
import { countWithinLocks } from "./lock-table.js";
import { readInChunks } from "./read-in-chunks.js";

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
 * many as a small lock table lets all queries that run at once hold locks on. One that cannot be read does not keep
 * the others from being read: its query is halved until it stands alone.
 */
export async function readLedgers(db: Kysely<any>, params: ReadLedgersParams): Promise<Map<string, LedgerReading>> {
  const readings = new Map<string, LedgerReading>();
  const byLocks = countWithinLocks(params.lockTableSize, LOCKS_PER_LEDGER * params.concurrency);
  const intern = internNames();
  await readInChunks({
    schemas: params.schemas,
    schemasPerQuery: Math.min(LEDGERS_PER_QUERY, byLocks),
    concurrency: params.concurrency,
    read: async (chunk) => {
      for (const row of await readChunk(db, chunk)) {
        const schema = chunk[row.position];
        if (schema !== undefined) readings.set(schema, { names: intern(row.names) });
      }
    },
    onUnreadable: (schema, error) => readings.set(schema, { error }),
  });
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
