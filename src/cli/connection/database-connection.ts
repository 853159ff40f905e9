import { Kysely, PostgresDialect, sql } from "kysely";
import type pg from "pg";
import { CommandFailure } from "../command-failure.js";
import { exitCodes } from "../exit-codes.js";
import { sendCancelRequest } from "./cancel-request.js";
import { type ConnectionPlace, connectionProblem } from "./connection-problem.js";
import { type DatabaseTarget, notAUrl } from "./database-target.js";

/** The oldest release that the library's SQL runs on, as `server_version_num` counts. */
const OLDEST_SERVER_VERSION = 150_000;

/** A server that has not answered by then is taken for unreachable. */
const CONNECT_TIMEOUT_MS = 10_000;

/** So long a connection may be silent before the system asks whether the other end is still there. */
const KEEP_ALIVE_DELAY_MS = 10_000;

/**
 * How many migrations a connection serves before another takes its place. Its server process keeps what it has learnt
 * of every table it touched, some 150 kB a migrated tenant; after this many it is at some 40 MB.
 */
export const CONNECTION_USES = 250;

interface OpenParams {
  readonly target: DatabaseTarget;
  readonly driver: typeof pg;
  readonly poolSize: number;
  /** Hears of connections that broke while nobody used them. */
  readonly onIdleError: (message: string) => void;
}

/** The program's own connection to one database: the one pool in this package. */
export class DatabaseConnection {
  readonly db: Kysely<any>;
  readonly place: ConnectionPlace;
  readonly #busy = new Set<pg.ClientBase>();

  private constructor({ db, place, pool }: { db: Kysely<any>; place: ConnectionPlace; pool: pg.Pool }) {
    this.db = db;
    this.place = place;
    pool.on("acquire", (client) => this.#busy.add(client));
    pool.on("release", (_, client) => this.#busy.delete(client));
    pool.on("remove", (client) => this.#busy.delete(client));
  }

  /** Connects, and refuses a server that is too old; throws a {@link CommandFailure} of one line. */
  static async open({ target, driver, poolSize, onIdleError }: OpenParams): Promise<DatabaseConnection> {
    const config: pg.PoolConfig = {
      ...target.config,
      fallback_application_name: "marketplace-jobs",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // A server that vanished without a word is noticed by the system, and not waited for without end.
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
      max: poolSize,
      maxUses: CONNECTION_USES,
    };
    const place = placeOf(driver, config, target.source);
    const pool = new driver.Pool(config);
    // Without a listener, a connection that the server ends while it is idle would end the program.
    pool.on("error", (error) =>
      onIdleError(`an idle connection to ${place.host}:${place.port} broke: ${error.message}`),
    );
    // One that breaks while it is in use says so by its statement's error, and would end the program all the same.
    pool.on("connect", (client) => client.on("error", () => {}));
    const connection = new DatabaseConnection({
      db: new Kysely<any>({ dialect: new PostgresDialect({ pool }) }),
      place,
      pool,
    });
    try {
      await connection.#assertServerVersion();
      return connection;
    } catch (error) {
      await connection.close();
      throw error instanceof CommandFailure ? error : connectionProblem(error, place);
    }
  }

  /** Asks the server to cancel whatever runs on any of the connections. */
  async cancelStatements(): Promise<void> {
    await Promise.all([...this.#busy].map(sendCancelRequest));
  }

  async close(): Promise<void> {
    await this.db.destroy();
  }

  async #assertServerVersion(): Promise<void> {
    const { rows } = await sql<{ number: string; version: string }>`
      select pg_catalog.current_setting('server_version_num') as number,
             pg_catalog.current_setting('server_version') as version`.execute(this.db);
    const [server] = rows;
    if (server === undefined || Number(server.number) >= OLDEST_SERVER_VERSION) return;
    throw new CommandFailure({
      message: `PostgreSQL at ${this.place.host}:${this.place.port} is version ${server.version}; marketplace-jobs needs 15 or newer: upgrade the server.`,
      exitCode: exitCodes.failed,
    });
  }
}

/** The driver's own reading of the URL and the environment; nothing is connected. */
function placeOf(driver: typeof pg, config: pg.PoolConfig, source: string): ConnectionPlace {
  try {
    const { host, port, database, user, password } = new driver.Client(config);
    const hasPassword = (password ?? "") !== "";
    return { host, port, database: database ?? user ?? "", user: user ?? "", hasPassword, source };
  } catch (error) {
    throw unreadableFile(error, source) ?? notAUrl(source);
  }
}

/** A certificate or key that the URL names is read by the driver when it reads the URL. */
function unreadableFile(error: unknown, source: string): CommandFailure | undefined {
  const { code, path } = (error ?? {}) as { readonly code?: unknown; readonly path?: unknown };
  if (typeof code !== "string" || typeof path !== "string") return undefined;
  return new CommandFailure({
    message: `${source} names a file that cannot be read, ${path}: correct the path, or let this user read it. (${code})`,
    exitCode: exitCodes.usage,
  });
}
