import { Kysely, PostgresDialect } from "kysely";
import { forTenant, type TenantRepositories } from "marketplace-jobs";
import type pg from "pg";

/** A statement as it went to the driver. */
export interface SentStatement {
  readonly text: string;
  readonly values: unknown[];
}

/** What a method of the library sends, to send the same without it. */
export async function sentStatement(
  pool: pg.Pool,
  call: (repositories: TenantRepositories) => Promise<unknown>,
): Promise<SentStatement> {
  const sent: SentStatement[] = [];
  // Never destroyed: the pool is the caller's.
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => {
      sent.push({ text: query.sql, values: [...query.parameters] });
    },
  });
  await call(forTenant(db, "user_1"));
  const [statement] = sent;
  if (statement === undefined || sent.length > 1) throw new Error(`${sent.length} statements were sent instead of one`);
  return statement;
}
