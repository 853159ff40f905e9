import type { Kysely } from "kysely";
import type { NamedDatabase } from "../../sync/sync-databases.js";
import { CommandFailure } from "../command-failure.js";
import { exitCodes } from "../exit-codes.js";
import type { Talk } from "../output/talk.js";
import { DatabaseConnection } from "./database-connection.js";
import { databaseTargets } from "./database-target.js";
import { loadDriver } from "./load-driver.js";

/** Beyond the workers' own: one looks who blocks whom, one knocks at a server that does not answer. */
const SPARE_CONNECTIONS = 2;

interface ConnectParams {
  readonly urls: readonly string[] | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly concurrency: number;
  readonly talk: Talk;
}

/** All databases of one run of the program. */
export class DatabaseConnections {
  readonly #connections: readonly DatabaseConnection[];

  private constructor(connections: readonly DatabaseConnection[]) {
    this.#connections = connections;
  }

  static async open({ urls, environment, concurrency, talk }: ConnectParams): Promise<DatabaseConnections> {
    const targets = databaseTargets(urls, environment);
    const driver = await loadDriver();
    const opened = await Promise.allSettled(
      targets.map((target) =>
        DatabaseConnection.open({
          target,
          driver,
          poolSize: concurrency + SPARE_CONNECTIONS,
          onIdleError: (message) => talk.detail(message),
        }),
      ),
    );
    const connections = new DatabaseConnections(
      opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
    );
    const failed = opened.find((result) => result.status === "rejected");
    if (failed !== undefined) {
      await connections.close();
      throw failed.reason;
    }
    for (const { place } of connections.#connections) {
      talk.detail(`${place.database} at ${place.host}:${place.port} as ${place.user}, by ${place.source}`);
    }
    return connections;
  }

  /** What the library's functions take: the one database, or all of them by host, port and name. */
  get databases(): Kysely<any> | readonly NamedDatabase[] {
    const [first, ...others] = this.#connections;
    return first !== undefined && others.length === 0 ? first.db : this.all;
  }

  get all(): readonly NamedDatabase[] {
    return this.#connections.map(({ place, db }) => ({ name: `${place.host}:${place.port}/${place.database}`, db }));
  }

  /** For commands that are about one schema: the database it is in. */
  get onlyDatabase(): Kysely<any> {
    const [first, ...others] = this.#connections;
    if (first !== undefined && others.length === 0) return first.db;
    throw new CommandFailure({
      message: "This command works on one database: give --database-url once.",
      exitCode: exitCodes.usage,
    });
  }

  async cancelStatements(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.cancelStatements()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }
}
