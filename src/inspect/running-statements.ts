import { type Kysely, sql } from "kysely";
import { readSqlError } from "../tenancy/sql-error.js";
import { INSPECTION_MARK } from "./own-statements.js";
import type { StatementReader } from "./statement-reader.js";
import type { Reason, RunningStatements } from "./statement-reading.js";

interface SessionRow {
  readonly pid: number;
  readonly applicationName: string;
  readonly user: string;
  readonly state: string;
  readonly ageMs: number;
  readonly query: string;
}

/**
 * The sessions of this database whose running or last statement names the column. The texts hold rows' values: they
 * are read here and not passed on.
 */
export async function readRunningStatements(db: Kysely<any>, reader: StatementReader): Promise<RunningStatements> {
  try {
    const { rows } = await sql<SessionRow>`
      select activity.pid, coalesce(activity.application_name, '') as "applicationName",
        coalesce(activity.usename::text, '') as "user", coalesce(activity.state, 'unknown') as state,
        coalesce(round(extract(epoch from clock_timestamp() - activity.query_start) * 1000), 0)::float8 as "ageMs",
        activity.query
      from pg_catalog.pg_stat_activity as activity
      where activity.datname = current_database() and activity.pid <> pg_backend_pid()
        and activity.backend_type = 'client backend'
        and activity.query ~* ${sql.raw(reader.tableWord)} and activity.query ~* ${sql.raw(reader.columnWord)}
      order by activity.query_start, activity.pid
    `.execute(db);
    const found = rows
      .filter(({ query }) => !query.includes(INSPECTION_MARK))
      .map(({ query, ...session }) => ({ ...session, statements: reader.read(query) }))
      .filter(({ statements }) => statements.length > 0)
      .map(({ statements, ...session }) => ({
        ...session,
        tenants: [...new Set(statements.flatMap(({ schemas }) => schemas))],
      }));
    return { found, notInspected: await readHidden(db) };
  } catch (error) {
    const { sqlState, message } = readSqlError(error);
    if (sqlState !== "42501") throw error;
    return { found: [], notInspected: [{ reason: message, hint: GRANT }] };
  }
}

/** Sessions whose statements are not shown to this role, and those that do not tell what they execute. */
async function readHidden(db: Kysely<any>): Promise<readonly Reason[]> {
  const { rows } = await sql<{ hidden: number; silent: number }>`
    select count(*) filter (where activity.query = '<insufficient privilege>')::integer as hidden,
      count(*) filter (where activity.state = 'disabled')::integer as silent
    from pg_catalog.pg_stat_activity as activity
    -- A session that is not shown has no type either; what has a user is no worker of the server's own.
    where activity.datname = current_database() and activity.pid <> pg_backend_pid() and activity.usesysid is not null
      and coalesce(activity.backend_type, 'client backend') = 'client backend'
  `.execute(db);
  const { hidden = 0, silent = 0 } = rows[0] ?? {};
  return [
    ...(hidden === 0
      ? []
      : [{ reason: `the statements of ${sessions(hidden)} are not shown to this role`, hint: GRANT }]),
    ...(silent === 0
      ? []
      : [
          {
            reason: `what ${sessions(silent)} executed is not told: track_activities is off there`,
            hint: "Set track_activities to on, which is its default.",
          },
        ]),
  ];
}

function sessions(count: number): string {
  return count === 1 ? "1 session" : `${count} sessions`;
}

const GRANT = "Grant the role pg_read_all_stats, or inspect as a role that has it.";
