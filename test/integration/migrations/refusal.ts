import { type Kysely, sql } from "kysely";
import { structureOf } from "./structure-lines.js";

/** What a migration says when it refuses; `detail` is the JSON that sync reads. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly detail: Readonly<Record<string, unknown>> | undefined;
}

/** The refusal of that work; throws when the work is done instead. */
export async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work;
  } catch (error) {
    const { code = "", message, hint, detail } = error as Partial<Record<keyof Refusal, string>>;
    return { code, message: message ?? "", hint, detail: parsed(detail) };
  }
  throw new Error("The migration was not refused.");
}

function parsed(detail: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(detail ?? "") as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

/**
 * Everything that a refused migration must leave alone: the structure, the files that hold the tables and indexes, and
 * each row with its place and the transaction that wrote it.
 */
export async function tenantAsItIs(db: Kysely<any>, schema: string): Promise<unknown> {
  const { rows: relations } = await sql<{ relname: string; relkind: string }>`
    select relname, relkind, relfilenode, relrowsecurity, relforcerowsecurity
    from pg_class
    where relnamespace = (select oid from pg_namespace where nspname = ${schema})
    order by relname`.execute(db);
  const tables: Record<string, unknown> = {};
  for (const { relname, relkind } of relations) {
    if (relkind !== "r") continue;
    const { rows } = await sql`
      select ctid::text as place, xmin::text as writer, t.*::text as row from ${sql.id(schema, relname)} as t
      order by ctid`.execute(db);
    tables[relname] = rows;
  }
  const { rows: functions } = await sql`
    select oid::regprocedure::text as name, md5(prosrc) as body from pg_proc
    where pronamespace = (select oid from pg_namespace where nspname = ${schema}) order by 1`.execute(db);
  return { structure: await structureOf(db, schema), relations, tables, functions };
}
