import { type Kysely, sql } from "kysely";
import { TENANT_LOCK_CLASS } from "../tenancy/tenant-lock.js";
import type { Blocker } from "./sync-report.js";

/** A report names this many sessions; more of them say nothing new about what to do. */
const MAX_BLOCKERS = 5;

/**
 * The sessions that keep a schema locked: those that hold a lock on one of its relations, or the tenant's own lock.
 * Asked after the wait was given up, so a session that let go just then is not among them. The longest transaction
 * comes first. Never what a session executes: statements carry values.
 */
export async function readBlockers(db: Kysely<any>, schema: string): Promise<Blocker[]> {
  try {
    const { rows } = await sql<Blocker>`
      select activity.pid,
             coalesce(activity.application_name, '') as "applicationName",
             coalesce(activity.state, 'unknown') as state,
             coalesce(round(extract(epoch from clock_timestamp() - coalesce(activity.xact_start, activity.backend_start)) * 1000), 0)::float8 as "ageMs"
      from pg_catalog.pg_stat_activity activity
      where activity.pid <> pg_backend_pid()
        and activity.pid in (
          select held.pid
          from pg_catalog.pg_locks held
          left join pg_catalog.pg_class relation on held.locktype = 'relation' and relation.oid = held.relation
          left join pg_catalog.pg_namespace namespace on namespace.oid = relation.relnamespace
          where held.granted
            and held.database = (select oid from pg_catalog.pg_database where datname = current_database())
            and (namespace.nspname = ${schema}
                 or (held.locktype = 'advisory' and held.objsubid = 2
                     and held.classid = ${TENANT_LOCK_CLASS}::bigint::oid
                     and held.objid = (hashtext(${schema})::bigint & 4294967295)::oid)))
      order by coalesce(activity.xact_start, activity.backend_start)
      limit ${MAX_BLOCKERS}
    `.execute(db);
    return rows;
  } catch {
    // Naming the blocker is a courtesy; that it could not be done must not turn a busy tenant into something else.
    return [];
  }
}
