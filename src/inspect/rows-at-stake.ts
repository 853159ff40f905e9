import { type Kysely, sql } from "kysely";
import { JOBS_BATCH_ID } from "../../migrations/deprecated-columns.js";
import { quoteIdentifier } from "../../migrations/quoting.js";
import type { TenantColumn } from "../column-use/column-use.js";
import { failureOf } from "../sync/failure.js";
import { DEFAULT_LOCK_TIMEOUT_MS } from "../sync/sync-defaults.js";
import { readInChunks } from "../tenancy/read-in-chunks.js";
import { chunksOf } from "../tenancy/schema-chunks.js";
import { INSPECTION_MARK } from "./own-statements.js";
import type { Reason } from "./statement-reading.js";

/**
 * How many tenants' rows one query counts, and how many queries run at a time. Each holds a lock on the two tables of
 * its tenants and on all their indexes, a dozen for each tenant: more would take the lock table from everybody else.
 */
const TENANTS_PER_QUERY = 50;
const QUERIES_AT_A_TIME = 2;

/** Jobs whose string nothing but the column holds. */
export interface RowsAtStake {
  /** No batch is linked: 0004, and 0005 before it drops the column, link them. */
  readonly unlinked: number;
  /** The batch that is linked has another string: 0004 and 0005 refuse. */
  readonly conflicting: number;
}

export type RowsReading = RowsAtStake | Reason;

/** Whether the inspection knows by what the column's values could be rebuilt. */
export function hasRowsAtStake({ table, column }: TenantColumn): boolean {
  return table === JOBS_BATCH_ID.table && column === JOBS_BATCH_ID.column;
}

/** Counts the jobs of each schema that has the column; one that vanishes meanwhile, or its column, is left out. */
export async function readRowsAtStake(
  db: Kysely<any>,
  schemas: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, RowsReading>> {
  const readings = new Map<string, RowsReading>();
  const countable = new Map<string, string>();
  for (const chunk of chunksOf(schemas)) {
    signal?.throwIfAborted();
    for (const tables of await readTables(db, chunk)) {
      const reason = whyNotCounted(tables);
      if (reason === undefined) countable.set(tables.schema, countOf(tables));
      else readings.set(tables.schema, { reason, hint: AS_OWNER });
    }
  }
  await readInChunks({
    schemas: [...countable.keys()],
    schemasPerQuery: TENANTS_PER_QUERY,
    concurrency: QUERIES_AT_A_TIME,
    signal,
    read: async (chunk) => {
      const query = chunk.map(
        (schema, position) => `select ${INSPECTION_MARK} ${position} as position, ${countable.get(schema) ?? ""}`,
      );
      for (const { position, unlinked, conflicting } of await countRows(db, query.join("\nunion all\n"))) {
        readings.set(chunk[position] ?? "", { unlinked, conflicting });
      }
    },
    onUnreadable: (schema, error) => {
      const { sqlState, message } = failureOf(error);
      const isGone = sqlState === "42P01" || sqlState === "42703" || sqlState === "3F000";
      const hint = sqlState === "55P03" ? "Somebody keeps its tables locked. Inspect it again later." : AS_OWNER;
      if (!isGone) readings.set(schema, { reason: message, hint });
    },
  });
  return readings;
}

const AS_OWNER = "Inspect as the role that owns the tables.";

interface CountedRows extends RowsAtStake {
  readonly position: number;
}

/** A tenant that somebody holds exclusively, as a migration does, is given up after a moment and counted by nobody. */
async function countRows(db: Kysely<any>, query: string): Promise<readonly CountedRows[]> {
  return await db.transaction().execute(async (transaction) => {
    await sql.raw(`set local lock_timeout = ${DEFAULT_LOCK_TIMEOUT_MS}`).execute(transaction);
    return (await sql.raw<CountedRows>(query).execute(transaction)).rows;
  });
}

interface TenantRows {
  readonly schema: string;
  readonly isUsable: boolean;
  readonly isReadable: boolean;
  /** A policy hides rows from this role. */
  readonly isFiltered: boolean;
  /** Whether there are batches, and a key of the jobs that leads to them. */
  readonly isLinked: boolean;
}

/** Asked of the catalog first, so that a role without privileges costs no query for each tenant. */
async function readTables(db: Kysely<any>, schemas: readonly string[]): Promise<readonly TenantRows[]> {
  const { rows } = await sql<TenantRows>`
    select namespace.nspname::text as schema,
      coalesce(has_schema_privilege(namespace.oid, 'usage'), false) as "isUsable",
      bool_and(coalesce(has_table_privilege(class.oid, 'select'), false)) as "isReadable",
      bool_or(row_security_active(class.oid)) as "isFiltered",
      count(*) filter (where exists (
        select from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = class.oid and not attribute.attisdropped
          and attribute.attname = case class.relname when 'batch_jobs' then 'batch_id' else 'batch_job_id' end)) = 2
        as "isLinked"
    from pg_catalog.pg_namespace as namespace
    cross join lateral (
      select oid, relname
      from pg_catalog.pg_class
      where relname = any(array['marketplace_jobs', 'batch_jobs']::name[]) and relnamespace = namespace.oid
        and relkind in ('r', 'p', 'f')
      offset 0
    ) as class
    where namespace.nspname in (select json_array_elements_text(${JSON.stringify(schemas)}::json))
    group by namespace.oid, namespace.nspname
  `.execute(db);
  return rows;
}

function whyNotCounted({ isUsable, isReadable, isFiltered }: TenantRows): string | undefined {
  if (!isUsable) return "permission denied for the schema";
  if (!isReadable) return "permission denied for marketplace_jobs or batch_jobs";
  return isFiltered ? "a row security policy hides rows of marketplace_jobs or batch_jobs" : undefined;
}

function countOf({ schema, isLinked }: TenantRows): string {
  const quoted = quoteIdentifier(schema);
  const jobs = `from ${quoted}.marketplace_jobs as job`;
  if (!isLinked) {
    return `count(*)::float8 as unlinked, 0::float8 as conflicting ${jobs} where job.batch_id <> ''`;
  }
  return `count(*) filter (where batch.id is null)::float8 as unlinked,
  count(*) filter (where batch.id is not null)::float8 as conflicting
${jobs}
left join ${quoted}.batch_jobs as batch on batch.id = job.batch_job_id
where job.batch_id <> '' and batch.batch_id is distinct from job.batch_id`;
}
