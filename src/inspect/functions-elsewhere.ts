import { type Kysely, sql } from "kysely";
import { columnInStatements, type StatementReaderParams } from "./column-in-statement.js";
import type { ColumnUseReport } from "./column-use-report.js";
import { constantsOf } from "./sql-tokens.js";
import type { StatementReader } from "./statement-reader.js";

interface FunctionRow {
  readonly name: string;
  readonly schema: string;
  readonly body: string;
  readonly hasSuchTable: boolean;
}

type FunctionElsewhere = Omit<ColumnUseReport["functions"][number], "database">;

/**
 * Functions in schemas that are not inspected, such as `public`, whose bodies name table and column: those that
 * qualify the table by an inspected schema, and those that leave the schema open while their own has no such table. One
 * look at all functions of the database.
 */
export async function readFunctionsElsewhere(
  db: Kysely<any>,
  { tableWord, columnWord }: StatementReader,
  { table, schemas, ...column }: StatementReaderParams & { readonly schemas: ReadonlySet<string> },
): Promise<FunctionElsewhere[]> {
  const { rows } = await sql<FunctionRow>`
    select format('%I.%I', namespace.nspname, function.proname) as name, namespace.nspname::text as schema,
      function.prosrc as body,
      exists (
        select from pg_catalog.pg_class as class
        where class.relname = ${table} and class.relnamespace = namespace.oid) as "hasSuchTable"
    from pg_catalog.pg_proc as function
    join pg_catalog.pg_namespace as namespace on namespace.oid = function.pronamespace
    join pg_catalog.pg_language as language on language.oid = function.prolang and language.lanname in ('plpgsql', 'sql')
    where namespace.nspname <> 'pg_catalog' and namespace.nspname <> 'information_schema'
      and function.prosrc ~* ${sql.raw(tableWord)} and function.prosrc ~* ${sql.raw(columnWord)}
    order by 1
  `.execute(db);
  return rows
    .filter(({ schema }) => !schemas.has(schema))
    .flatMap(({ name, body, hasSuchTable }) => {
      const statements = [body, constantsOf(body)].flatMap((text) => columnInStatements(text, { table, ...column }));
      const tenants = [...new Set(statements.flatMap((statement) => statement.schemas))].filter((schema) =>
        schemas.has(schema),
      );
      const isOpen = statements.some((statement) => statement.schemas.length === 0);
      return tenants.length > 0 || (isOpen && !hasSuchTable) ? [{ name, tenants }] : [];
    });
}
