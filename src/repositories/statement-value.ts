import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/** Stands in a statement for a value that is known when it is sent. */
export class StatementValue {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Every value as it is written into a statement. */
export type StatementValues<Values> = { readonly [Name in keyof Values]: RawBuilder<Values[Name]> };

export function statementValues<Values extends object>(values: Values): StatementValues<Values> {
  const names = Object.keys(values).map((name) => [name, sql`${new StatementValue(name)}`]);
  return Object.fromEntries(names) as StatementValues<Values>;
}
