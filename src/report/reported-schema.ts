import { SINGLE_DATABASE_NAME } from "../sync/sync-databases.js";

/** What every part of a page needs to speak of a schema. */
export interface ReportedSchema {
  readonly database: string;
  readonly schema: string;
}

/** The databases of a report by name, in its order; none when there is only the one that nobody named. */
export function namedDatabases(schemas: readonly ReportedSchema[]): readonly string[] {
  const names = [...new Set(schemas.map(({ database }) => database))];
  return names.length === 1 && names[0] === SINGLE_DATABASE_NAME ? [] : names;
}

/** "user_1", and where the report has several databases "frankfurt: user_1". */
export function nameOf({ database, schema }: ReportedSchema): string {
  return database === SINGLE_DATABASE_NAME ? schema : `${database}: ${schema}`;
}

/** `user_2` before `user_10`. */
export function inOrderOfNames<Schema extends ReportedSchema>(schemas: readonly Schema[]): Schema[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  return schemas.toSorted((a, b) => compare(a.schema, b.schema));
}
