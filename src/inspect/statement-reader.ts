import { type Kysely, sql } from "kysely";
import { namesWord } from "../../migrations/column-dependents.js";
import type { TenantColumn } from "../column-use/column-use.js";
import { type ColumnInStatement, columnInStatements, type StatementReaderParams } from "./column-in-statement.js";
import { shapesOfMigrations } from "./own-statements.js";

/** What looks for the column in a text; the text itself goes no further than into it. */
export interface StatementReader {
  /** Regular expressions for the names, as SQL constants: a first sieve for the server. */
  readonly tableWord: string;
  readonly columnWord: string;
  /** The statements of the text that name the column in a schema of the inspection, or in one that they leave open. */
  readonly read: (text: string) => readonly ColumnInStatement[];
  /** The same of a text that stands for statements of other schemas too: it does not tell which. */
  readonly readAnySchema: (text: string) => readonly ColumnInStatement[];
}

/** Statements of our migrations are left out, and those about other schemas than the ones that have the column. */
export function statementReader(params: StatementReaderParams, schemas: ReadonlySet<string>): StatementReader {
  const own = shapesOfMigrations(params.table);
  const foreign = (text: string): readonly ColumnInStatement[] =>
    columnInStatements(text, params).filter(({ shape }) => !own.has(shape));
  return {
    tableWord: namesWord(params.table),
    columnWord: namesWord(params.column),
    readAnySchema: (text) => foreign(text).map((statement) => ({ ...statement, schemas: [] })),
    read: (text) =>
      foreign(text)
        .map((statement) => ({
          ...statement,
          isOpen: statement.schemas.length === 0,
          schemas: statement.schemas.filter((schema) => schemas.has(schema)),
        }))
        .filter(({ isOpen, schemas: inspected }) => isOpen || inspected.length > 0),
  };
}

/** Other tables and views with such a column, in any of the schemas. */
export async function readOtherTables(
  db: Kysely<any>,
  schemas: readonly string[],
  { table, column }: TenantColumn,
): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct class.relname::text as name
    from pg_catalog.pg_namespace as namespace
    join pg_catalog.pg_class as class on class.relnamespace = namespace.oid
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = class.oid and not attribute.attisdropped
    where namespace.nspname in (select json_array_elements_text(${JSON.stringify(schemas)}::json))
      and class.relkind in ('r', 'p', 'f', 'v', 'm') and class.relname <> ${table} and attribute.attname = ${column}
    order by 1
  `.execute(db);
  return rows.map(({ name }) => name);
}
