import type { CompiledQuery, DialectAdapter, Kysely, QueryExecutorProvider, QueryResult } from "kysely";
import { CompiledQuery as compiledQuery } from "kysely";
import type { TenantSchemaName } from "../tenancy/tenant-schema-name.js";
import { ANY_SHARED_SCHEMA, ANY_TENANT_SCHEMA, StatementText } from "./statement-text.js";
import type { StatementValues } from "./statement-value.js";
import { statementValues } from "./statement-value.js";
import type { TenantDatabase } from "./tenant-database.js";
import { tenantDatabase } from "./tenant-database.js";

export interface TenantStatementParams<Values extends object, Row> {
  /** Which form the text has: statements of one form differ in their schemas and values alone. */
  readonly form: string;
  /** What is sent beside the text. A key may be `undefined` where the form does without it. */
  readonly values: Values;
  /** Writes the text, once for each form and database: it must depend on nothing that the form does not name. */
  readonly write: (tenant: TenantDatabase, values: StatementValues<Values>) => Compilable<Row>;
}

/** A statement that is sent by `execute`; it takes part in the transaction of the Kysely that it is given. */
export interface TenantStatement<Row> {
  compile(db: Kysely<any>): CompiledQuery<Row>;
  execute(db: Kysely<any>): Promise<QueryResult<Row>>;
}

/** A query builder or raw SQL. */
interface Compilable<Row> {
  compile(executorProvider: QueryExecutorProvider): CompiledQuery<Row>;
}

/**
 * More forms than the methods have between them, unless a caller claims with ever another limit. The oldest gives way
 * then, and is written anew when it is needed.
 */
const MAX_TEXTS = 256;

/** By the host's database, whose compiler writes the text; a transaction shares its database's adapter. */
const textsByAdapter = new WeakMap<DialectAdapter, Map<string, StatementText>>();

/**
 * A statement of which the text is written once, not once a call. Building and compiling it costs the host's only
 * thread several times what sending it does, and thousands of tenants share one text but for the name of the schema.
 */
export function tenantStatement<Values extends object, Row>(
  tenant: TenantDatabase,
  params: TenantStatementParams<Values, Row>,
): TenantStatement<Row> {
  const compile = (db: Kysely<any>): CompiledQuery<Row> => {
    const { schema, sharedSchema } = tenant.quoted;
    const text = textOf(params, db);
    return {
      ...compiledQuery.raw(text.of(schema, sharedSchema), text.parametersOf(params.values)),
      query: text.query,
    };
  };
  return { compile, execute: async (db) => db.getExecutor().executeQuery<Row>(compile(db)) };
}

function textOf<Values extends object, Row>(
  { form, values, write }: TenantStatementParams<Values, Row>,
  db: Kysely<any>,
): StatementText {
  const { adapter } = db.getExecutor();
  let texts = textsByAdapter.get(adapter);
  if (texts === undefined) textsByAdapter.set(adapter, (texts = new Map<string, StatementText>()));
  const known = texts.get(form);
  if (known !== undefined) return known;

  const anyTenant = tenantDatabase(db, ANY_TENANT_SCHEMA as TenantSchemaName, ANY_SHARED_SCHEMA);
  const text = new StatementText(write(anyTenant, statementValues(values)).compile(anyTenant.db));
  if (texts.size >= MAX_TEXTS) texts.delete(texts.keys().next().value!);
  texts.set(form, text);
  return text;
}
