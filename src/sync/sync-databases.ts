import type { Kysely } from "kysely";
import * as z from "zod";
import { parseInput } from "../errors/parse-input.js";
import { kyselyInstance } from "../tenancy/kysely-instance.js";

/** One of several databases of a run, under the name by which the report speaks of it. */
export interface NamedDatabase {
  readonly name: string;
  readonly db: Kysely<any>;
}

/** What a report calls the database when only one was given. */
export const SINGLE_DATABASE_NAME = "default";

const kyselyWithPool = kyselyInstance.refine((db) => !db.isTransaction, {
  error: "must not be a transaction: each migration of each tenant is one of its own",
});

const namedDatabases = z
  .array(z.strictObject({ name: z.string().min(1), db: kyselyWithPool }))
  .min(1, "at least one database is needed")
  .refine((databases) => new Set(databases.map(({ name }) => name)).size === databases.length, {
    error: "the names of the databases must differ",
  });

export function parseDatabases(databases: unknown, subject: string): readonly NamedDatabase[] {
  const params = { code: "INVALID_OPTIONS", subject: `${subject} database` } as const;
  if (Array.isArray(databases)) return parseInput(namedDatabases, databases, params);
  return [{ name: SINGLE_DATABASE_NAME, db: parseInput(kyselyWithPool, databases, params) }];
}
