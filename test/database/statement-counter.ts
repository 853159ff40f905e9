import type { EventEmitter } from "node:events";
import type pg from "pg";

/** What went over the wire while some work was done. */
export interface StatementCount {
  /** Statements that the server completed, of which one message may hold many. */
  readonly statements: number;
  /** How often the client waited for the server. */
  readonly roundTrips: number;
  /** The text of each query, in the order in which they were sent. */
  readonly texts: readonly string[];
}

/** What node-postgres calls its side of the protocol. */
interface WireConnection extends EventEmitter {
  query(...args: unknown[]): void;
  sync(...args: unknown[]): void;
  flush(...args: unknown[]): void;
}

export interface StatementCounterOptions {
  /** False where thousands of long texts would be most of the memory; they are remembered when left out. */
  readonly remembersTexts?: boolean;
}

/** Counts what the connections of a pool exchange with the server, at the protocol: nothing can slip past it. */
export class StatementCounter {
  readonly #remembersTexts: boolean;
  #statements = 0;
  #roundTrips = 0;
  #texts: string[] = [];

  constructor({ remembersTexts = true }: StatementCounterOptions = {}) {
    this.#remembersTexts = remembersTexts;
  }

  /** To be called with every new connection, once it is ready. */
  watch(client: pg.ClientBase): void {
    const { connection } = client as pg.ClientBase & { readonly connection: WireConnection };
    connection.on("commandComplete", () => this.#statements++);
    connection.on("emptyQuery", () => this.#statements++);
    connection.on("errorMessage", () => this.#statements++);
    // The messages that the server answers, counted when sent: a caller hears of an error before the answer is complete.
    for (const message of ["query", "sync", "flush"] as const) {
      const send = connection[message].bind(connection);
      connection[message] = (...args: unknown[]) => {
        this.#roundTrips++;
        send(...args);
      };
    }
    if (!this.#remembersTexts) return;
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const counted = (...args: unknown[]): unknown => {
      this.#texts.push(textOf(args[0]));
      return query(...args);
    };
    client.query = counted as typeof client.query;
  }

  get statements(): number {
    return this.#statements;
  }

  get roundTrips(): number {
    return this.#roundTrips;
  }

  get texts(): readonly string[] {
    return this.#texts;
  }

  reset(): void {
    this.#statements = 0;
    this.#roundTrips = 0;
    this.#texts = [];
  }

  /** Counts only what that work sends. Work that runs beside it on the same pool is counted too. */
  async during<T>(work: () => Promise<T>): Promise<StatementCount & { readonly result: T }> {
    const before = { statements: this.#statements, roundTrips: this.#roundTrips, texts: this.#texts.length };
    const result = await work();
    return {
      result,
      statements: this.#statements - before.statements,
      roundTrips: this.#roundTrips - before.roundTrips,
      texts: this.#texts.slice(before.texts),
    };
  }
}

function textOf(query: unknown): string {
  if (typeof query === "string") {
    return query;
  }
  const { text } = query as { readonly text?: string };
  return text ?? "";
}
