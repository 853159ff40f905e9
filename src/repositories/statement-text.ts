import type { CompiledQuery } from "kysely";
import { StatementValue } from "./statement-value.js";

/**
 * Stand in a text for the schemas of a tenant. No text of this library holds a NUL, and PostgreSQL has no name with one,
 * so that they are found wherever they stand and nowhere else.
 */
export const ANY_TENANT_SCHEMA = "\u0000tenant";
export const ANY_SHARED_SCHEMA = "\u0000shared";

/** The compiled text of a statement, for whatever tenant and whatever values. */
export class StatementText {
  /** What stands between the schemas, and the schemas: even places hold text, odd ones a stand-in. */
  readonly #pieces: readonly string[];
  readonly #values: readonly string[];
  /** What kind of statement it is; a host's driver may look at that. */
  readonly query: CompiledQuery["query"];

  constructor({ sql: text, parameters, query }: CompiledQuery) {
    this.#pieces = text.split(new RegExp(`"(${ANY_TENANT_SCHEMA}|${ANY_SHARED_SCHEMA})"`));
    this.#values = parameters.map((parameter) => {
      // A value of the first call would be sent with every later one, another tenant's among them.
      if (!(parameter instanceof StatementValue)) throw new TypeError("A statement's text must not hold a value.");
      return parameter.name;
    });
    this.query = query;
  }

  /** The text for one tenant; the names come quoted. */
  of(tenantSchema: string, sharedSchema: string): string {
    let text = "";
    for (const [place, piece] of this.#pieces.entries()) {
      if (place % 2 === 0) text += piece;
      else text += piece === ANY_TENANT_SCHEMA ? tenantSchema : sharedSchema;
    }
    return text;
  }

  /** The values in the order in which the text numbers them. postgres.js refuses `undefined`, and `null` means the same. */
  parametersOf(values: object): unknown[] {
    return this.#values.map((name) => values[name as keyof typeof values] ?? null);
  }
}
