import { createHash } from "node:crypto";

/** A text that comes once, an `in` list of a length of its own, say, is not worth a place on the server. */
const USES_BEFORE_PREPARING = 2;

interface CachedStatement {
  uses: number;
  name: string | undefined;
}

/** Which statements one connection has prepared, the least recently used first. */
export class StatementCache {
  /** The names of statements that gave way and are still to be closed. */
  readonly unwanted = new Set<string>();
  readonly #size: number;
  readonly #statements = new Map<string, CachedStatement>();

  constructor(size: number) {
    this.#size = size;
  }

  /**
   * Counts a use, and names the statement once it has come often enough. With more texts in turn than there are places,
   * none is named: preparing what is thrown away before it comes again costs more than it saves.
   */
  use(text: string): string | undefined {
    const statement = this.#statements.get(text) ?? { uses: 0, name: undefined };
    this.#statements.delete(text);
    this.#statements.set(text, statement);
    if (this.#statements.size > this.#size) this.forget(this.#statements.keys().next().value!);
    statement.uses += 1;
    if (statement.name === undefined && statement.uses >= USES_BEFORE_PREPARING) {
      const name = nameOf(text);
      if (!this.unwanted.has(name)) statement.name = name;
    }
    return statement.name;
  }

  /** Takes a statement out; the server forgets it when it is closed. */
  forget(text: string): void {
    const name = this.#statements.get(text)?.name;
    this.#statements.delete(text);
    if (name !== undefined) this.unwanted.add(name);
  }
}

/**
 * One name for one text, on every connection of every process: where a proxy hands connections around, a name meets
 * its own statement or none, never another one.
 */
function nameOf(text: string): string {
  return `marketplace_jobs_${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}
