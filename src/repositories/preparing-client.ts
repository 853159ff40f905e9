import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from "kysely";
import type { NodePostgresClient } from "./close-statements.js";
import { closeStatements } from "./close-statements.js";
import { StatementCache } from "./statement-cache.js";

/**
 * The server does not have the statement as it was prepared, and has executed nothing: its result has changed with its
 * tables (0A000), somebody discarded it (26000), or prepared it on the same connection (42P05).
 */
const NOT_AS_PREPARED: ReadonlySet<string> = new Set(["0A000", "26000", "42P05"]);

/** So often a connection may have lost its statements before it counts as one that keeps none. */
const MAX_LOSSES = 3;

/** A client that prepares the statements which come again, and sends everything else as it is. */
export class PreparingClient implements PostgresPoolClient {
  readonly #client: NodePostgresClient;
  readonly #statements: StatementCache;
  #losses = 0;

  constructor(client: PostgresPoolClient, statementCacheSize: number) {
    this.#client = client;
    // What its statement is told is enough: a connection that is lost while it is in use would end the process.
    this.#client.on?.("error", () => {});
    this.#statements = new StatementCache(statementCacheSize);
  }

  /** By this Kysely finds the session whose query is to be cancelled. */
  get processID(): number {
    // Undocumented, but there; without it Kysely asks the server.
    return this.#client.processID ?? 0;
  }

  query<Row>(statement: string, values: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  query(statement: unknown, values?: readonly unknown[]): unknown {
    // Without values it is `begin`, a script, or a cursor.
    const isPreparable = typeof statement === "string" && values !== undefined && values.length > 0;
    return isPreparable && this.#losses < MAX_LOSSES
      ? this.#queryByName(statement, values)
      : this.#client.query(statement, values);
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy);
  }

  async #queryByName(text: string, values: readonly unknown[]): Promise<unknown> {
    const name = this.#statements.use(text);
    const result =
      name === undefined ? await this.#client.query(text, values) : await this.#queryPrepared(name, text, values);
    if (this.#statements.unwanted.size > 0) await this.#closeUnwanted();
    return result;
  }

  async #queryPrepared(name: string, text: string, values: readonly unknown[]): Promise<unknown> {
    try {
      return await this.#client.query({ name, text, values });
    } catch (error) {
      const code = sqlStateOf(error);
      if (!NOT_AS_PREPARED.has(code)) {
        // The driver's own, about a value: it has closed the statement, and takes it for prepared nevertheless.
        if (code === "") this.#statements.forget(text);
        throw error;
      }
      if (code !== "0A000") this.#losses += 1;
      this.#statements.forget(text);
      return this.#queryAgain(text, values, error);
    }
  }

  /** Nothing was executed, so that it may be sent again. In a transaction, which the error has ended, it is refused. */
  async #queryAgain(text: string, values: readonly unknown[], error: unknown): Promise<unknown> {
    try {
      return await this.#client.query(text, values);
    } catch (refusal) {
      throw sqlStateOf(refusal) === "25P02" ? error : refusal;
    }
  }

  async #closeUnwanted(): Promise<void> {
    const names = [...this.#statements.unwanted];
    if (await closeStatements(this.#client, names)) {
      for (const name of names) this.#statements.unwanted.delete(name);
    } else {
      // What cannot be closed would grow without end.
      this.#losses = MAX_LOSSES;
    }
  }
}

function sqlStateOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}
