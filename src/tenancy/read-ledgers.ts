import { type Kysely, sql } from "kysely";
import { quoteLiteral } from "../../migrations/quoting.js";
import { ledgerOf } from "./ledger.js";
import { readLockedLedgers } from "./locked-ledgers.js";
import { countWithinLocks } from "./lock-table.js";
import { readInChunks } from "./read-in-chunks.js";
import { readSqlError } from "./sql-error.js";

/** How many ledgers one query reads at most: a longer one is given a parallel plan, which is slower here. */
const LEDGERS_PER_QUERY = 100;

/** The template's and the shared schema's go with those of up to a hundred tenants, rather than over a connection more. */
const LEDGERS_BESIDE = 2;

/** While it runs, a query holds a lock on each of its ledgers and on the key of each. */
const LOCKS_PER_LEDGER = 2;

/** How many ledgers go into one query when there are so many of them, as far as the lock table allows. */
function ledgersPerQuery(count: number): number {
  return LEDGERS_PER_QUERY + (count <= LEDGERS_PER_QUERY + LEDGERS_BESIDE ? LEDGERS_BESIDE : 0);
}

/** How many connections so many ledgers are read over, of those that may be. */
export function ledgerReaders(count: number, concurrency: number): number {
  return Math.min(concurrency, Math.ceil(count / ledgersPerQuery(count)));
}

/** The names a ledger records, or why it could not be read. */
export type LedgerReading = { readonly names: readonly string[] } | { readonly error: unknown };

interface ReadLedgersParams {
  readonly schemas: readonly string[];
  /** How many locks the server has room for. */
  readonly lockTableSize: number;
  /** How many queries run at the same time. */
  readonly concurrency: number;
  /** How long a query waits for a ledger that somebody has locked exclusively. */
  readonly lockTimeoutMs: number;
}

/**
 * Reads the ledgers of many schemas in a number of queries that depends on their number divided by a hundred, or by as
 * many as a small lock table lets all queries that run at once hold locks on. One that cannot be read does not keep
 * the others from being read: its query is divided until it stands alone.
 */
export async function readLedgers(db: Kysely<any>, params: ReadLedgersParams): Promise<Map<string, LedgerReading>> {
  const readings = new Map<string, LedgerReading>();
  const byLocks = countWithinLocks(params.lockTableSize, LOCKS_PER_LEDGER * params.concurrency);
  const intern = internNames();
  const { schemas } = params;
  await readInChunks({
    schemas,
    schemasPerQuery: Math.min(ledgersPerQuery(schemas.length), byLocks),
    concurrency: params.concurrency,
    read: async (chunk) => {
      const listed = await readChunk(db, chunk, params.lockTimeoutMs);
      for (const [position, schema] of chunk.entries()) readings.set(schema, { names: intern(listed[position] ?? []) });
    },
    findCulprits: async (chunk, error) =>
      readSqlError(error).sqlState === "55P03" ? await readLockedLedgers(db, chunk) : new Set(),
    onUnreadable: (schema, error) => readings.set(schema, { error }),
  });
  return readings;
}

/** PostgreSQL was built without libxml, which its functions for XML need. */
const NO_XML = "0A000";

/**
 * The names in each of the ledgers, by position.
 *
 * A query locks the tables that it names before it does anything, so it cannot limit how long it waits for them; SET
 * LOCAL would need a transaction around it, three more round trips for each chunk. query_to_xml is given its query as text
 * and locks when it is called: by then the statement has set the limit, for itself and nobody after it. All in one
 * statement, so it works behind a proxy that pools transactions and with drivers that send one at a time; and it costs
 * nothing: 1,000 ledgers took 49 ms, and 52 ms as a union of selects without a limit (PostgreSQL 18). Asking pg_locks
 * beforehand would cost as little and leave an endless wait for a lock that is taken just after.
 */
async function readChunk(
  db: Kysely<any>,
  schemas: readonly string[],
  lockTimeoutMs: number,
): Promise<readonly (readonly string[] | null)[]> {
  // Raw text, because a Kysely expression of a hundred selects costs more to build than the server needs to answer it.
  const ledgers = schemas.map((schema) => `(select json_agg(name) from ${ledgerOf(schema)})`).join(",\n");
  const query = `select array_to_json(array[\n${ledgers}\n])::text as names`;
  try {
    const limited = `
      with waiting as materialized (select set_config('lock_timeout', '${lockTimeoutMs}ms', true))
      select pg_catalog.query_to_xml(${quoteLiteral(query)}, false, false, '')::text as names from waiting`;
    const { rows } = await sql.raw<{ names: string }>(limited).execute(db);
    return parseNames(fromXml(rows[0]?.names ?? ""));
  } catch (error) {
    // Rather without a limit than not at all.
    if (readSqlError(error).sqlState !== NO_XML) throw error;
    const { rows } = await sql.raw<{ names: string }>(query).execute(db);
    return parseNames(rows[0]?.names ?? "");
  }
}

function parseNames(json: string): readonly (readonly string[] | null)[] {
  return JSON.parse(json) as (readonly string[] | null)[];
}

/** The one value of a query as XML, an array in JSON: its brackets are the first and the last of the text. */
function fromXml(xml: string): string {
  const escaped = xml.slice(xml.indexOf("["), xml.lastIndexOf("]") + 1);
  return escaped.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Nearly all tenants have the same record: one array for all that do keeps ten thousand of them small. */
function internNames(): (names: readonly string[]) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (names) => {
    const sorted = names.toSorted();
    const key = JSON.stringify(sorted);
    const found = known.get(key) ?? sorted;
    known.set(key, found);
    return found;
  };
}
