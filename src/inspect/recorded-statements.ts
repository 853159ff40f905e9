import { type Kysely, sql } from "kysely";
import { quoteIdentifier } from "../../migrations/quoting.js";
import { readSqlError } from "../tenancy/sql-error.js";
import { INSPECTION_MARK } from "./own-statements.js";
import type { StatementReader } from "./statement-reader.js";
import type { StatementHistory } from "./statement-reading.js";

/** A statement is named by this many of its ids; more of them say nothing new about where to look. */
const MAX_QUERY_IDS = 5;

interface RecordedRow {
  readonly queryId: string;
  readonly user: string;
  readonly calls: number;
  readonly query: string;
  /**
   * Since PostgreSQL 18 a table counts by its name without the schema: one entry is for the statements of all tenants,
   * under the text of whichever came first.
   */
  readonly areTenantsOne: boolean;
}

/**
 * The statements that the extension pg_stat_statements has recorded for this database and that name the column. Those
 * that differ in their schemas and constants alone are one entry. The texts are read here and not passed on: those of
 * utility statements hold values before PostgreSQL 16.
 */
export async function readRecordedStatements(db: Kysely<any>, reader: StatementReader): Promise<StatementHistory> {
  const schema = await schemaOfExtension(db);
  if (schema === undefined) {
    return nothing("the extension pg_stat_statements is not installed in this database", INSTALL);
  }
  const view = sql.raw(`${quoteIdentifier(schema)}.pg_stat_statements`);
  try {
    const rows = await readRows(db, view, reader);
    const read = rows.some(({ areTenantsOne }) => areTenantsOne) ? reader.readAnySchema : reader.read;
    const { rows: hidden } = await sql<{ count: number }>`
      select count(*)::integer as count
      from ${view} as recorded
      where recorded.dbid = ${DATABASE} and (recorded.query is null or recorded.query = '<insufficient privilege>')
    `.execute(db);
    const count = hidden[0]?.count ?? 0;
    return {
      found: grouped(rows, read),
      record: await readRecord(db, schema),
      notInspected:
        count === 0
          ? []
          : [
              {
                reason: `${count === 1 ? "1 recorded statement is" : `${count} recorded statements are`} not shown to this role`,
                hint: "Grant the role pg_read_all_stats, or inspect as a role that has it.",
              },
            ],
    };
  } catch (error) {
    const { sqlState, message } = readSqlError(error);
    if (sqlState === "55000") return nothing(message, INSTALL);
    if (sqlState === "42501" || sqlState === "3F000" || sqlState === "42P01") {
      return nothing(
        message,
        "Grant the role USAGE on the schema of pg_stat_statements, SELECT on it, and pg_read_all_stats.",
      );
    }
    throw error;
  }
}

const DATABASE = sql`(select oid from pg_catalog.pg_database where datname = current_database())`;

const INSTALL =
  "Add pg_stat_statements to shared_preload_libraries, restart, run CREATE EXTENSION pg_stat_statements, and inspect " +
  'again after a time in which everything has run once. Where that cannot be done, leave it out: statements: "running".';

function nothing(reason: string, hint: string): StatementHistory {
  return { found: [], notInspected: [{ reason, hint }] };
}

/** An extension may be installed into any schema. */
async function schemaOfExtension(db: Kysely<any>): Promise<string | undefined> {
  const { rows } = await sql<{ schema: string }>`
    select namespace.nspname as schema
    from pg_catalog.pg_extension as extension
    join pg_catalog.pg_namespace as namespace on namespace.oid = extension.extnamespace
    where extension.extname = 'pg_stat_statements'
  `.execute(db);
  return rows[0]?.schema;
}

async function readRows(
  db: Kysely<any>,
  view: ReturnType<typeof sql.raw>,
  { tableWord, columnWord }: StatementReader,
): Promise<readonly RecordedRow[]> {
  // What a function or a DO block executed inside of it is left out: functions are found in the catalog, and the blocks
  // of our migrations are no use. Versions of the extension without the column have recorded no such statement.
  const { rows } = await sql<RecordedRow>`
    select recorded.queryid::text as "queryId", coalesce(pg_get_userbyid(recorded.userid)::text, '') as "user",
      recorded.calls::float8 as calls, recorded.query,
      current_setting('server_version_num')::integer >= 180000 as "areTenantsOne"
    from ${view} as recorded
    where recorded.dbid = ${DATABASE}
      and recorded.query ~* ${sql.raw(tableWord)} and recorded.query ~* ${sql.raw(columnWord)}
      and coalesce((to_jsonb(recorded) ->> 'toplevel')::boolean, true)
    order by recorded.calls desc, recorded.queryid
  `.execute(db);
  return rows.filter(({ query }) => !query.includes(INSPECTION_MARK));
}

function grouped(rows: readonly RecordedRow[], read: StatementReader["read"]): StatementHistory["found"] {
  const groups = new Map<string, { queryIds: Set<string>; users: Set<string>; tenants: Set<string>; calls: number }>();
  for (const { queryId, user, calls, query } of rows) {
    const statements = read(query);
    if (statements.length === 0) continue;
    const key = statements.map(({ shape }) => shape).join(";");
    const group = groups.get(key) ?? { queryIds: new Set(), users: new Set(), tenants: new Set(), calls: 0 };
    group.queryIds.add(queryId);
    group.users.add(user);
    group.calls += calls;
    for (const schema of statements.flatMap(({ schemas }) => schemas)) group.tenants.add(schema);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ queryIds, users, tenants, calls }) => ({
      queryIds: [...queryIds].slice(0, MAX_QUERY_IDS),
      entries: queryIds.size,
      calls,
      users: [...users].toSorted(),
      tenants: [...tenants],
    }))
    .toSorted((a, b) => b.calls - a.calls);
}

/** Since when statements are recorded, and how many were given up for lack of room. */
async function readRecord(db: Kysely<any>, schema: string): Promise<StatementHistory["record"]> {
  try {
    const { rows } = await sql<{ since: string | null; evictions: number }>`
      select to_char(info.stats_reset at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since,
        info.dealloc::float8 as evictions
      from ${sql.raw(`${quoteIdentifier(schema)}.pg_stat_statements_info`)} as info
    `.execute(db);
    return rows[0];
  } catch (error) {
    // Versions of the extension that know nothing of it, or whose script was never updated.
    if (readSqlError(error).sqlState === "42P01") return undefined;
    throw error;
  }
}
