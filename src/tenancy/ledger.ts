import { quoteIdentifier, quoteLiteral } from "../../migrations/quoting.js";

/**
 * The table in each schema that says which migrations it has. Name and columns are such that Kysely's Migrator, given
 * it as `migrationTableName` and the schema as `migrationTableSchema`, reads and writes the same record.
 */
export const LEDGER_TABLE = "marketplace_jobs_migration";

export function ledgerOf(schema: string): string {
  return `${quoteIdentifier(schema)}.${LEDGER_TABLE}`;
}

export function createLedger(schema: string): string {
  return `create table if not exists ${ledgerOf(schema)} (name varchar(255) primary key, "timestamp" varchar(255) not null);`;
}

/**
 * Records a migration. Kysely sorts the record by its timestamps in milliseconds and calls it corrupted when two are
 * equal or one runs backwards, so each is at least one millisecond after the last, whatever the clock does.
 */
export function recordMigration(schema: string, name: string): string {
  return (
    `insert into ${ledgerOf(schema)} (name, "timestamp") ` +
    `select ${quoteLiteral(name)}, to_char(greatest(clock_timestamp(), max("timestamp"::timestamptz) + interval '1 millisecond') ` +
    `at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from ${ledgerOf(schema)};`
  );
}

/** Records several migrations at once, a millisecond apart, in a ledger that is empty. */
export function recordMigrations(schema: string, names: readonly string[]): string {
  return (
    `insert into ${ledgerOf(schema)} (name, "timestamp") ` +
    `select name, to_char((clock_timestamp() + position * interval '1 millisecond') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') ` +
    `from unnest(array[${names.map(quoteLiteral).join(", ")}]) with ordinality as recorded (name, position);`
  );
}

export function forgetMigration(schema: string, name: string): string {
  return `delete from ${ledgerOf(schema)} where name = ${quoteLiteral(name)};`;
}
