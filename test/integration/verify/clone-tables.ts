import { type Kysely, sql } from "kysely";

/** Clones a schema's tables as hosts do: CREATE TABLE … LIKE … INCLUDING ALL, and the foreign keys, which it leaves out. */
export async function cloneTables(db: Kysely<any>, from: string, to: string): Promise<void> {
  await sql`create schema ${sql.id(to)}`.execute(db);
  const tables = await sql<{ name: string }>`
    select relname::text as name
    from pg_class
    where relnamespace = ${from}::regnamespace and relkind = 'r'
    order by relname
  `.execute(db);
  for (const { name } of tables.rows) {
    await sql`create table ${sql.id(to, name)} (like ${sql.id(from, name)} including all)`.execute(db);
  }
  const keys = await sql<{ table: string; name: string; definition: string }>`
    select class.relname::text as "table", held.conname::text as name, pg_get_constraintdef(held.oid) as definition
    from pg_constraint as held
    join pg_class as class on class.oid = held.conrelid
    where held.contype = 'f' and class.relnamespace = ${from}::regnamespace
  `.execute(db);
  for (const { table, name, definition } of keys.rows) {
    const copied = sql.raw(definition.replace(`REFERENCES ${from}.`, `REFERENCES ${to}.`));
    await sql`alter table ${sql.id(to, table)} add constraint ${sql.id(name)} ${copied}`.execute(db);
  }
}
