import type { PostgresPoolClient } from "kysely";

/** What node-postgres' client has beyond what Kysely asks of one. */
export interface NodePostgresClient extends PostgresPoolClient {
  query(...statement: readonly unknown[]): any;
  /** Missing in clients that only resemble it. */
  on?(event: "error", listener: () => void): unknown;
  /** Missing in those of pg-native, say. */
  readonly connection?: Partial<NodePostgresConnection>;
}

interface NodePostgresConnection {
  close(statement: { readonly type: "S"; readonly name: string }): void;
  sync(): void;
  /** Where node-postgres remembers, by name, what it has prepared. */
  readonly parsedStatements: Record<string, string>;
}

/**
 * Has the server forget prepared statements; false when that cannot be told.
 *
 * By the protocol's own message, not by `deallocate`: that is an error where the server does not know the name, because
 * its text was never accepted, somebody discarded it, or a proxy gave it another name. The error would end the host's
 * transaction, and within an ended one nothing could be deallocated. Closing what is not there is no error anywhere.
 */
export async function closeStatements(client: NodePostgresClient, names: readonly string[]): Promise<boolean> {
  if (client.connection?.close === undefined || client.connection.sync === undefined) return false;
  return new Promise((resolve) => client.query(new StatementClosing(names, resolve)));
}

/** What node-postgres takes for a query: it is told when its turn has come, and of what came of it. */
class StatementClosing {
  /** node-postgres puts its own around this one when it has a timeout. */
  callback: (error: unknown) => void;
  readonly #names: readonly string[];

  constructor(names: readonly string[], tell: (isClosed: boolean) => void) {
    this.#names = names;
    this.callback = (error) => tell(error === null);
  }

  submit(connection: NodePostgresConnection): void {
    for (const name of this.#names) connection.close({ type: "S", name });
    connection.sync();
  }

  handleReadyForQuery(connection: NodePostgresConnection): void {
    for (const name of this.#names) delete connection.parsedStatements[name];
    this.callback(null);
  }

  handleError(error: unknown): void {
    this.callback(error);
  }
}
