import type { PostgresPool, PostgresPoolClient } from "kysely";
import * as z from "zod";
import { parseInput } from "../errors/parse-input.js";
import { PreparingClient } from "./preparing-client.js";

/**
 * A hundred statements for each connection, as other drivers keep. A claim or a completion takes some 300 kB of its server
 * process, so that these are 30 MB at most; a worker of a few tenants has a dozen.
 */
export const DEFAULT_STATEMENT_CACHE_SIZE = 100;

export interface PreparedStatementsOptions {
  /** How many statements each connection keeps prepared, {@link DEFAULT_STATEMENT_CACHE_SIZE} when left out. */
  readonly statementCacheSize?: number | undefined;
}

const optionsSchema = z.strictObject({
  statementCacheSize: z.int().min(1).max(10_000).default(DEFAULT_STATEMENT_CACHE_SIZE),
});

const poolSchema = z.custom<PostgresPool>(isPool, { error: "must be a node-postgres pool" });

/**
 * A node-postgres pool whose connections prepare the statements that come again: the server reads and plans them once.
 * For a worker that claims and settles one job at a time that is most of what they cost.
 *
 * Prepared statements belong to a session. Use this where the pool's connections are PostgreSQL's own, or where the
 * proxy knows of prepared statements (PgBouncer from 1.21 on, with `max_prepared_statements`). Every statement with
 * values that is sent by this pool is prepared when it comes the second time on a connection, yours as well: name the
 * columns in them, since `select *` fails once, with 0A000, in a transaction that finds a table changed.
 *
 * A connection that is lost while a statement runs fails that statement, and does not end the process as it would
 * without a listener of yours. For connections that are lost while they are idle, `pool.on("error", …)` is still yours.
 *
 * @returns what `PostgresDialect` takes as its `pool`. Ending it ends the pool given.
 * @throws `INVALID_OPTIONS` for what is no pool, and for an unknown option or a size outside 1–10,000.
 *
 * @example
 * ```ts
 * import { Kysely, PostgresDialect } from "kysely";
 * import { forTenant, withPreparedStatements } from "marketplace-jobs";
 * import pg from "pg";
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
 * const workerDb = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: withPreparedStatements(pool) }) });
 * const { jobs } = forTenant(workerDb, "user_1");
 * for (const job of await jobs.claimJobs({ marketplace: "vinted", limit: 1 })) await jobs.completeJob(job);
 * await workerDb.destroy();
 * ```
 */
export function withPreparedStatements(pool: PostgresPool, options: PreparedStatementsOptions = {}): PostgresPool {
  const given = parseInput(poolSchema, pool, {
    code: "INVALID_OPTIONS",
    subject: "withPreparedStatements pool",
    hint: "Pass your pool: new pg.Pool({ connectionString }).",
  });
  const { statementCacheSize } = parseInput(optionsSchema, options, {
    code: "INVALID_OPTIONS",
    subject: "withPreparedStatements options",
  });
  const clients = new WeakMap<PostgresPoolClient, PreparingClient>();
  return {
    async connect() {
      const client = await given.connect();
      let preparing = clients.get(client);
      if (preparing === undefined) clients.set(client, (preparing = new PreparingClient(client, statementCacheSize)));
      return preparing;
    },
    end: () => given.end(),
    // By these Kysely opens a connection of its own to cancel a query.
    ...(given.Client === undefined ? {} : { Client: given.Client }),
    options: given.options,
  };
}

/** By structure: a host may have a pool that only resembles node-postgres'. */
function isPool(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { connect, end } = value as { readonly connect?: unknown; readonly end?: unknown };
  return typeof connect === "function" && typeof end === "function";
}
